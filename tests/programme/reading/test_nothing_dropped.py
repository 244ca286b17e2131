"""Whatever the document: every character of it lies in some span of the reading, and spans quote what they say."""

import io
import zipfile

from docx import Document as Docx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nongan.programme.rules.reading import PlanUnreadable, read_file, read_text, to_json
from nongan.programme.rules.reading.assembly import spans_of
from tests.programme.reading.documents import add_table, missing, save

PIECES = st.sampled_from([
    "某市创建国家农产品质量安全市实施方案", "根据《农产品质量安全法》（农质发〔2014〕15号）", "，制定本方案。", "一、", "二、", "三、", "（一）",
    "（二）", "1.", "2.", "（1）", "①", "★", "主要任务", "工作目标", "实施步骤", "保障措施", "建立监管名录。", "抽检合格率达到98%以上。", "不少于2万批次",
    "（责任单位：市农业农村局、市公安局）", "牵头单位：市财政局；配合单位：市教育局", "以下任务均需各县（市、区）政府落实，不再列出。", "第一阶段：动员部署（20XX年1月一7月）。",
    "2017年6月上旬至9月中旬", "70%O", "— 3 —", "资源ID:731916", "附件：", "2021年3月15日", "\n", "\n", "。", "；", "(", "）", "“", "”", " ", "\t", "|",
    "\u3000", "\u200b", "𠮷", "a", "不发生重大农产品质量安全事件", "各县（市、区）", "等有关单位", "责任单位", "《", "〔2020〕",
])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_every_character_of_a_made_up_plan_is_held(text):
    reading = read_text(text)
    assert reading.text == text
    assert missing(reading) == []
    to_json(reading)


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_every_character_of_any_text_is_held(text):
    reading = read_text(text)
    assert missing(reading) == []


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_spans_lie_within_the_text_and_plans_stand_in_order(text):
    reading = read_text(text)
    for plan in reading.plans:
        for span in spans_of(plan):
            assert 0 <= span.start <= span.end <= len(text)
        for one in plan.targets:
            assert one.span.start <= (one.figure or one.span).start and (one.figure or one.span).end <= one.span.end
    starts = [plan.span.start for plan in reading.plans]
    assert starts == sorted(starts)


CELLS = st.lists(
    st.lists(st.one_of(PIECES, st.just("责任单位"), st.just("工作任务")), min_size=3, max_size=3),
    min_size=1,
    max_size=4,
)


@given(st.lists(PIECES, max_size=8), CELLS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_character_of_a_docx_is_held(paragraphs, rows):
    document = Docx()
    for words in paragraphs:
        document.add_paragraph(words)
    add_table(document, [["序号", "工作任务", "责任单位"], *rows])
    assert missing(read_file("方案.docx", save(document))) == []


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    for name in ("a.docx", "a.txt"):
        try:
            read_file(name, data)
        except PlanUnreadable as refusal:
            assert str(refusal)


@given(st.integers(min_value=0, max_value=30_000), st.binary(min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_docx_with_spoiled_bytes_is_read_or_refused(place, noise):
    whole = SAMPLE[: place % len(SAMPLE)] + noise + SAMPLE[place % len(SAMPLE) + len(noise) :]
    try:
        read_file("a.docx", whole)
    except PlanUnreadable as refusal:
        assert str(refusal)


def _sample() -> bytes:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive,
        zipfile.ZipFile(io.BytesIO(save(Docx()))) as made,
    ):
        for name in ("word/document.xml", "word/styles.xml", "word/numbering.xml"):
            archive.writestr(name, made.read(name))
    return content.getvalue()


SAMPLE = _sample()
