"""A small plan of the city: two chapters, three tasks, two targets, two phases, written out by hand."""

import io
from copy import deepcopy

import factory
from docx import Document as Docx

from nongan.documents.models import Document
from nongan.programme.models import Plan, PlanFile, PlanVersion
from nongan.programme.queries.drafts import proposals
from nongan.programme.rules.content import Content, empty_row
from nongan.programme.services import adoption, drafts
from tests.accounts.factories import CITY, UserFactory
from tests.conftest import NOON

TEXT = (
    "宜春市实施方案\n一、目标\n抽检合格率达到98%以上。\n二、任务\n(一)主体\n1.建立生产记录，记录率达到100%。(责任单位:市农业农村局)\n"
    "2.建立监管名录。(责任单位:市农业农村局、市公安局，各县市区政府)\n(二)监测\n1.开展定量监测。(牵头单位:市农业农村局)\n三、步骤\n"
    "实施阶段(2026年3月1日至2026年6月30日)\n其他文字。"
)


def days(start: str, end: str) -> dict[str, str]:
    return {"from": start, "to": end}


def content(**changes: object) -> Content:
    """The content of the plan; `changes` replace whole groups."""
    made: Content = {
        "title": "宜春市创建国家农产品质量安全市实施方案",
        "basis": ["《农产品质量安全法》"],
        "goals": [empty_row("goals", "g1", number="一", heading="水平提高", text="抽检合格率达到98%以上。")],
        "targets": [
            empty_row(
                "targets", "x1", text="抽检合格率达到98%以上", where="一", comparator=">=", value="98", unit="%",
                indicator="pass_rate",
            ),
            empty_row(
                "targets", "x2", text="记录率达到100%", where="（一）1", comparator=">=", value="100", unit="%",
                indicator="records_rate", task="t1",
            ),
        ],
        "chapters": [
            empty_row("chapters", "c1", label="一", heading="加强主体管理"),
            empty_row("chapters", "c2", label="二", heading="推进监测"),
        ],
        "tasks": [
            empty_row(
                "tasks", "t1", chapter="c1", number="1", text="建立生产记录，记录率达到100%。",
                responsible="市农业农村局",
            ),
            empty_row(
                "tasks", "t2", chapter="c1", number="2", text="将规模生产经营主体全部纳入监管名录。", due="2026-05-15",
                responsible="市农业农村局、市公安局、各县市区政府",
            ),
            empty_row(
                "tasks", "t3", chapter="c2", number="1", text="每年开展定量监测，覆盖主要农产品。", lead="市农业农村局",
                common="各县市区政府", key=True, score="10",
            ),
        ],
        "phases": [
            empty_row("phases", "p1", name="动员部署阶段", text="印发方案。", **days("2026-01-01", "2026-02-28")),
            empty_row("phases", "p2", name="组织实施阶段", text="全面落实任务。", **days("2026-03-01", "2026-06-30")),
        ],
        "safeguards": [empty_row("safeguards", "s1", text="加强组织领导。")],
        "unread": [empty_row("unread", "u1", text="其他文字。", reason="outside")],
        "serial": 20,
    }  # fmt: skip
    return deepcopy({**made, **changes})


def marks() -> list[list[object]]:
    """Where the rows of `content` stand in TEXT."""
    found: list[list[object]] = []
    for kind, row, words in [
        ("goals", "g1", "抽检合格率达到98%以上。"), ("target", "x1", "98%"),
        ("tasks", "t1", "1.建立生产记录，记录率达到100%。(责任单位:市农业农村局)"), ("target", "x2", "100%"),
        ("tasks", "t2", "2.建立监管名录。(责任单位:市农业农村局、市公安局，各县市区政府)"),
        ("tasks", "t3", "1.开展定量监测。(牵头单位:市农业农村局)"),
        ("phases", "p2", "实施阶段(2026年3月1日至2026年6月30日)"), ("unread", "u1", "其他文字。"),
    ]:  # fmt: skip
        start = TEXT.index(words)
        found.append([start, start + len(words), kind, row])
    return found


class DocumentFactory(factory.django.DjangoModelFactory[Document]):
    class Meta:
        model = Document

    name = "方案.docx"
    content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    size = 100
    sha256 = "0" * 64
    by = "张三"
    at = NOON


class PlanFileFactory(factory.django.DjangoModelFactory[PlanFile]):
    class Meta:
        model = PlanFile

    document = factory.SubFactory(DocumentFactory)
    text = TEXT
    plans = factory.LazyFunction(lambda: [{**content(), "marks": marks()}])
    division_id = CITY
    owner = factory.SubFactory(UserFactory)
    at = NOON


class PlanFactory(factory.django.DjangoModelFactory[Plan]):
    class Meta:
        model = Plan

    title = "宜春市创建国家农产品质量安全市实施方案"
    division_id = CITY
    created_at = NOON


class PlanVersionFactory(factory.django.DjangoModelFactory[PlanVersion]):
    """A draft. `adopted(...)` makes a plan in force by the services."""

    class Meta:
        model = PlanVersion

    plan = factory.SubFactory(PlanFactory, division_id=factory.SelfAttribute("..file.division_id"))
    number = factory.Sequence(lambda n: n + 1)
    file = factory.SubFactory(PlanFileFactory)
    content = factory.LazyFunction(content)
    read_at = NOON
    changed_at = NOON
    changed_by = factory.SelfAttribute("file.owner")


def adopt(version: PlanVersion) -> adoption.Adoption:
    """Confirm a draft and adopt it, every unit as proposed, by the person who uploaded it."""
    by = version.file.owner
    version = drafts.confirm_draft(version_id=version.pk, seen=version.version, by=by, at=NOON)
    matches = {proposal.name: proposal.match for proposal in proposals(version)}
    return adoption.adopt_version(version_id=version.pk, seen=version.version, matches=matches, by=by, at=NOON)


def adopted(**changes: object) -> PlanVersion:
    """A plan in force. `changes` are those of `content`."""
    return adopt(PlanVersionFactory(content=content(**changes))).version


def next_version(version: PlanVersion, **changes: object) -> PlanVersion:
    """A draft of the plan's next version."""
    return PlanVersionFactory(
        plan=version.plan, number=version.number + 1, file=version.file, content=content(**changes)
    )


def plan_docx() -> bytes:
    """A plan as an office would type it: headings, numbered tasks with units, a table of phases in words."""
    document = Docx()
    document.add_heading("丰城市创建国家农产品质量安全县实施方案", 0)
    document.add_paragraph("根据《农产品质量安全法》，结合我市实际，制定本方案。")
    document.add_heading("一、工作目标", 1)
    document.add_paragraph("主要农产品抽检合格率稳定在98%以上，确保不发生重大农产品质量安全事件。")
    document.add_heading("二、主要任务", 1)
    document.add_heading("（一）落实主体责任", 2)
    document.add_paragraph(
        "1.将规模以上生产主体全部纳入监管名录，监管覆盖率达到100%。（责任单位：市农业农村局、市市场监管局）"
    )
    document.add_paragraph(
        "2.病死畜禽无害化处理率达到100%。（牵头单位：市农业农村局；配合单位：市生态环境局、各县市区政府）"
    )
    document.add_heading("（二）加强监测", 2)
    document.add_paragraph("3.全市每年开展定量监测不少于2万批次。（责任单位：市农业农村局）")
    document.add_heading("三、实施步骤", 1)
    document.add_paragraph("（一）动员部署阶段（2026年1月至2月）。印发方案。")
    document.add_paragraph("（二）组织实施阶段（2026年3月1日至2026年10月31日）。全面落实创建任务。")
    document.add_heading("四、保障措施", 1)
    document.add_paragraph("（一）加强组织领导。成立领导小组。")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def coming(**changes):
    """The small plan, with days that lie far ahead whenever the tests run; task 2 is long overdue."""
    made = content()
    made["tasks"][1]["due"] = "2020-01-01"
    made["phases"][1] |= {"to": "2099-12-31"}
    return {"tasks": made["tasks"], "phases": made["phases"], **changes}
