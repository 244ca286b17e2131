import pytest

from nongan.standards import queries
from nongan.standards.models import Stamp
from tests.standards import factories as law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_law():
    law.small_law()


def test_known_codes_and_their_names():
    assert queries.known_commodities([law.COWPEA, "nonsense"]) == {law.COWPEA}
    assert queries.known_analytes([law.LEAD, "nonsense"]) == {law.LEAD}
    assert queries.commodity_names([law.COWPEA, law.CHIVES]) == {law.COWPEA: "豇豆", law.CHIVES: "韭菜"}
    assert queries.analyte_names([law.LEAD]) == {law.LEAD: "铅"}
    assert queries.commodity_names([]) == {}


@pytest.mark.parametrize("text", [law.COWPEA, "豇豆", "长豆角", " 豇豆 ", "新鲜豇豆", "豇豆（长豆角）"])
def test_find_a_food_by_code_name_and_synonym(text):
    assert queries.find_commodity(text) == law.COWPEA


@pytest.mark.parametrize("text", ["克百威", "呋喃丹", law.CARBOFURAN])
def test_find_an_item_by_code_name_and_synonym(text):
    assert queries.find_analyte(text) == law.CARBOFURAN


@pytest.mark.parametrize("text", ["", "没有这个", "豆"])
def test_what_is_unknown_is_not_guessed(text):
    assert queries.find_commodity(text) is None
    assert queries.find_analyte(text) is None


def test_a_food_stands_for_what_is_below_it_and_an_unclear_text_for_all_that_it_might_mean():
    assert queries.foods_meant("长豆角") == [law.COWPEA]
    assert queries.foods_meant("豆类蔬菜") == sorted([law.BEANS, law.PODS, law.COWPEA, law.GREEN_BEAN])
    assert queries.find_commodity("豆") is None
    assert set(queries.foods_meant("豆")) > {law.BEANS, law.COWPEA}
    assert len(queries.foods_meant("豆", most=2)) == 2
    assert queries.foods_meant("没有这个") == []


def test_picking_puts_the_likeliest_first():
    assert queries.pick_commodities("豆角")[0] == (law.COWPEA, "豇豆")
    assert [label for _, label in queries.pick_commodities("豆类")][:2] == ["豆类蔬菜", "荚可食类豆类蔬菜"]
    assert queries.pick_analytes("克百")[0] == (law.CARBOFURAN, "克百威")
    assert len(queries.pick_commodities("", most=5)) == 5


def test_the_usual_panel_is_that_of_the_nearest_category():
    assert queries.usual_panel(law.COWPEA) == (law.CARBOFURAN, law.IMIDACLOPRID, law.CHLORPYRIFOS)
    assert queries.usual_panel(law.CHIVES) == (law.CARBOFURAN, law.CHLORPYRIFOS, law.LEAD)
    assert queries.usual_panel(law.GRASS_CARP) == (law.ENROFLOXACIN,)
    assert queries.usual_panel("nonsense") == ()


def test_the_book_is_kept_until_the_tables_change(django_assert_num_queries):
    first = queries.book()
    with django_assert_num_queries(1):
        assert queries.book() is first
    law.renew()
    assert queries.book() is not first
    assert queries.book().limits == first.limits


def test_an_empty_database_has_an_empty_book():
    Stamp.objects.all().delete()
    assert queries.book().tree.nodes
