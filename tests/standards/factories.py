"""A small law: a few foods in two trees, a few items, three editions, a few bans. Enough to judge by."""

from datetime import date
from decimal import Decimal

import factory

from nongan.standards.models import Analyte, Ban, Branch, Commodity, Component, Edition, Limit, PanelItem
from nongan.standards.rules import AnalyteKind, Authority, BanStatus, BanTest, LimitForm
from nongan.standards.services import renew

# Foods: a category and what stands under it
VEGETABLES, BEANS, PODS, LEAVES, BULBS = "V", "V08", "V0801", "V03", "V01"
COWPEA, GREEN_BEAN, CHIVES, CELERY, GINGER = "V080101", "V080102", "V010301", "V030301", "V100101"
MEAT, PORK, FISH, GRASS_CARP, EGG = "A01", "A0101", "Q01", "Q0101", "A0501"
FRESH_VEGETABLES = "K0201"  # of GB 2762

# Items
CARBOFURAN, HYDROXY_CARBOFURAN, CARBOFURAN_PARENT = "P001", "P002", "P003"
IMIDACLOPRID, CHLORPYRIFOS, LEAD = "P004", "P005", "C001"
CLENBUTEROL, ENROFLOXACIN, ENROFLOXACIN_PARENT, CIPROFLOXACIN = "D001", "D002", "D003", "D004"

OLD, NEW, METALS, DRUGS = "GB 2763-2021", "GB 2763-2026", "GB 2762-2025", "GB 31650-2019"

COMMODITIES = [
    (VEGETABLES, "蔬菜", (), ()),
    (FRESH_VEGETABLES, "新鲜蔬菜", (), ()),
    (BEANS, "豆类蔬菜", (VEGETABLES, FRESH_VEGETABLES), ()),
    (PODS, "荚可食类豆类蔬菜", (BEANS,), ()),
    (COWPEA, "豇豆", (PODS,), ("长豆角", "豆角")),
    (GREEN_BEAN, "菜豆", (PODS,), ("四季豆",)),
    (BULBS, "鳞茎类蔬菜", (VEGETABLES, FRESH_VEGETABLES), ()),
    (CHIVES, "韭菜", (BULBS,), ()),
    (LEAVES, "叶菜类蔬菜", (VEGETABLES, FRESH_VEGETABLES), ()),
    (CELERY, "芹菜", (LEAVES,), ("西芹",)),
    (GINGER, "姜", (VEGETABLES, FRESH_VEGETABLES), ("生姜",)),
    (MEAT, "畜禽肉", (), ()),
    (PORK, "猪肉", (MEAT,), ()),
    (FISH, "淡水鱼", (), ()),
    (GRASS_CARP, "草鱼", (FISH,), ("鲩鱼",)),
    (EGG, "鸡蛋", (), ("鲜鸡蛋",)),
]
ANALYTES = [
    (CARBOFURAN, "克百威", AnalyteKind.PESTICIDE, ("呋喃丹",)),
    (HYDROXY_CARBOFURAN, "3-羟基克百威", AnalyteKind.PESTICIDE, ()),
    (CARBOFURAN_PARENT, "克百威母体", AnalyteKind.PESTICIDE, ()),
    (IMIDACLOPRID, "吡虫啉", AnalyteKind.PESTICIDE, ("咪蚜胺",)),
    (CHLORPYRIFOS, "毒死蜱", AnalyteKind.PESTICIDE, ()),
    (LEAD, "铅", AnalyteKind.CONTAMINANT, ("铅(以Pb计)",)),
    (CLENBUTEROL, "克伦特罗", AnalyteKind.DRUG, ()),
    (ENROFLOXACIN, "恩诺沙星", AnalyteKind.DRUG, ()),
    (ENROFLOXACIN_PARENT, "恩诺沙星母体", AnalyteKind.DRUG, ()),
    (CIPROFLOXACIN, "环丙沙星", AnalyteKind.DRUG, ()),
]
COMPONENTS = [
    (CARBOFURAN, CARBOFURAN_PARENT),
    (CARBOFURAN, HYDROXY_CARBOFURAN),
    (ENROFLOXACIN, ENROFLOXACIN_PARENT),
    (ENROFLOXACIN, CIPROFLOXACIN),
]
# edition, item, food, high, unit, temporary, exclusions
LIMITS = [
    (OLD, CARBOFURAN, VEGETABLES, "0.02", "mg/kg", False, ()),
    (OLD, IMIDACLOPRID, BEANS, "2", "mg/kg", False, (GREEN_BEAN,)),
    (OLD, IMIDACLOPRID, GREEN_BEAN, "0.1", "mg/kg", False, ()),
    (OLD, CHLORPYRIFOS, VEGETABLES, "0.02", "mg/kg", False, (CELERY,)),
    (OLD, CHLORPYRIFOS, CELERY, "0.05", "mg/kg", False, ()),
    (NEW, CARBOFURAN, VEGETABLES, "0.02", "mg/kg", False, ()),
    (NEW, IMIDACLOPRID, BEANS, "1", "mg/kg", False, (GREEN_BEAN,)),
    (NEW, IMIDACLOPRID, GREEN_BEAN, "0.1", "mg/kg", False, ()),
    (NEW, IMIDACLOPRID, CHIVES, "1", "mg/kg", False, ()),
    (NEW, IMIDACLOPRID, MEAT, "0.1", "mg/kg", True, ()),
    (NEW, CHLORPYRIFOS, VEGETABLES, "0.02", "mg/kg", False, (CELERY,)),
    (NEW, CHLORPYRIFOS, CELERY, "0.05", "mg/kg", False, ()),
    (METALS, LEAD, FRESH_VEGETABLES, "0.1", "mg/kg", False, (GINGER, BEANS)),
    (METALS, LEAD, GINGER, "0.2", "mg/kg", False, ()),
    (METALS, LEAD, BEANS, "0.2", "mg/kg", False, ()),
    (DRUGS, ENROFLOXACIN, FISH, "100", "μg/kg", False, ()),
    (DRUGS, ENROFLOXACIN, MEAT, "100", "μg/kg", False, ()),
]
# item, status, from, everywhere, scope, test, basis
BANS = [
    (CARBOFURAN, BanStatus.RESTRICTED, date(2002, 6, 5), False, (VEGETABLES,), BanTest.CONTAINS, "农业部公告第199号"),
    (CARBOFURAN, BanStatus.BANNED, date(2026, 6, 1), True, (), BanTest.CONTAINS, "农业农村部公告第736号"),
    (CHLORPYRIFOS, BanStatus.RESTRICTED, date(2016, 12, 31), False, (VEGETABLES,), BanTest.CONTAINS,
     "农业部公告第2032号"),
    (CLENBUTEROL, BanStatus.BANNED, date(2020, 1, 6), False, (MEAT, FISH, EGG), BanTest.DETECTED,
     "农业农村部公告第250号"),
]  # fmt: skip
PANELS = {
    PODS: (CARBOFURAN, IMIDACLOPRID, CHLORPYRIFOS),
    VEGETABLES: (CARBOFURAN, CHLORPYRIFOS, LEAD),
    PORK: (CLENBUTEROL, ENROFLOXACIN),
    FISH: (ENROFLOXACIN,),
}


class EditionFactory(factory.django.DjangoModelFactory[Edition]):
    class Meta:
        model = Edition

    code = factory.Sequence("GB {}-2026".format)
    series = factory.LazyAttribute(lambda edition: edition.code.rsplit("-", 1)[0])
    title = "食品安全国家标准 食品中农药最大残留限量"
    valid_from = date(2026, 3, 1)
    authority = Authority.OFFICIAL


def small_law() -> None:
    """Load it, and let every process know."""
    _foods_and_items()
    editions = {
        OLD: EditionFactory(code=OLD, valid_from=date(2021, 9, 3), valid_to=date(2026, 2, 28)),
        NEW: EditionFactory(code=NEW, valid_from=date(2026, 3, 1)),
        METALS: EditionFactory(code=METALS, valid_from=date(2026, 9, 2), title="食品安全国家标准 食品中污染物限量"),
        DRUGS: EditionFactory(code=DRUGS, valid_from=date(2020, 4, 1), demonstration=True, complete=False),
    }
    for number, (edition, analyte, commodity, high, unit, temporary, exclusions) in enumerate(LIMITS):
        limit = Limit.objects.create(
            edition=editions[edition], analyte_id=analyte, commodity_id=commodity, form=LimitForm.MAXIMUM,
            high=Decimal(high), unit=unit, temporary=temporary, key=str(number),
        )  # fmt: skip
        limit.exclusions.set(exclusions)
    for number, (analyte, status, start, everywhere, scope, test, basis) in enumerate(BANS):
        ban = Ban.objects.create(
            analyte_id=analyte, status=status, valid_from=start, everywhere=everywhere, test=test, basis=basis,
            scope_text="、".join(scope), key=str(number),
        )  # fmt: skip
        ban.scope.set(scope)
    PanelItem.objects.bulk_create(
        PanelItem(commodity_id=food, analyte_id=item, position=n)
        for food, items in PANELS.items()
        for n, item in enumerate(items)
    )
    renew()


def _foods_and_items() -> None:
    Commodity.objects.bulk_create(
        Commodity(code=code, name=name, synonyms=list(synonyms), position=n)
        for n, (code, name, _parents, synonyms) in enumerate(COMMODITIES)
    )
    Branch.objects.bulk_create(
        Branch(commodity_id=code, parent_id=parent, position=n)
        for code, _name, parents, _synonyms in COMMODITIES
        for n, parent in enumerate(parents)
    )
    Analyte.objects.bulk_create(
        Analyte(code=code, name=name, kind=kind, synonyms=list(synonyms)) for code, name, kind, synonyms in ANALYTES
    )
    Component.objects.bulk_create(Component(whole_id=whole, part_id=part) for whole, part in COMPONENTS)
