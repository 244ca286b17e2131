"""Organisations of the plan's responsible units, and people of every role."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password

from nongan.accounts.rules import Role
from nongan.accounts.services import add_organisation, add_person, change_own_password, enter_first_administrator
from nongan.common.divisions import Level
from nongan.demo.rules import PASSWORD, mobile, person_name
from nongan.places.queries import children_of, names_of

if TYPE_CHECKING:
    from nongan.accounts.models import Organisation, User

# Today's name, and what plans call it: the abbreviation, and the bodies that it was made of in the reform of 2018.
BODIES = {
    "agriculture": ("宜春市农业农村局", "市农业农村局 市农业局"),
    "market": ("宜春市市场监督管理局", "市市场监管局 市食药监局 市工商局 市质监局"),
    "development": ("宜春市发展和改革委员会", "市发改委"),
    "finance": ("宜春市财政局", "市财政局"),
    "police": ("宜春市公安局", "市公安局"),
    "forestry": ("宜春市林业局", "市林业局"),
    "statistics": ("宜春市统计局", "市统计局"),
    "staffing": ("中共宜春市委机构编制委员会办公室", "市委编办 市编办"),
    "commerce": ("宜春市商务局", "市商务局 市服务业办"),
    "grain": ("宜春市粮食和物资储备局", "市粮食和储备局 市粮食局"),
    "industry": ("宜春市工业和信息化局", "市工信局 市工信委"),
    "cooperatives": ("宜春市供销合作社联合社", "市供销社"),
    "health": ("宜春市卫生健康委员会", "市卫健委 市卫计委"),
    "ecology": ("宜春市生态环境局", "市生态环境局 市环保局"),
}
STAFFED = ("360902000000", "360981000000")  # counties with people of their own; the city's act for the others


@dataclass
class City:
    """Who is there: people by user name, organisations by a key (“agriculture”, “station-360902100000”)."""

    code: str
    names: dict[str, str]
    counties: list[str]
    townships: dict[str, list[str]]
    administrator: "User"
    people: dict[str, "User"] = field(default_factory=dict)
    organisations: dict[str, "Organisation"] = field(default_factory=dict)

    def inspectors(self, county: str) -> list["User"]:
        """The two officers who take a county's cases and supervision samples."""
        place = county if county in STAFFED else self.code
        return [self.people[f"officer{n}-{place[:6]}"] for n in (1, 2)]

    @property
    def reviewer(self) -> "User":
        """The city's officer for legal review, who investigates nothing."""
        return self.people[f"officer3-{self.code[:6]}"]

    def head(self, county: str) -> "User":
        return self.people[f"head-{(county if county in STAFFED else self.code)[:6]}"]

    def supervisor(self, county: str) -> "User":
        return self.people[f"supervisor-{county[:6]}"]


def found_city(code: str, chance: Random, at: datetime, progress: Callable[[str], object]) -> City:
    """Divisions must be loaded. Raises NotFirst where people are entered already."""
    administrator, _password = enter_first_administrator(
        username="admin", full_name=person_name(chance), division=code, at=at
    )
    change_own_password(password=PASSWORD, by=administrator, at=at)
    counties = [county.code for county in children_of(code)]
    townships = {county: [town.code for town in children_of(county)] for county in counties}
    names = names_of([code, *counties, *(town for towns in townships.values() for town in towns)])
    city = City(code, names, counties, townships, administrator)
    city.people["admin"] = administrator
    _organisations(city, at, progress)
    _people(city, chance, at, progress)
    return city


def _organisations(city: City, at: datetime, progress: Callable[[str], object]) -> None:
    def add(key: str, name: str, kind: str, division: str, aliases: str = "") -> None:
        city.organisations[key] = add_organisation(
            name=name, kind=kind, division=division, aliases=aliases.split(), by=city.administrator, at=at
        )
        progress(name)

    for key, (name, aliases) in BODIES.items():
        add(key, name, "government", city.code, aliases)
    add(f"enforcement-{city.code}", "宜春市农业综合行政执法支队", "enforcement", city.code)
    add(f"laboratory-{city.code}", "宜春市农产品质量安全检测中心", "laboratory", city.code)
    for county in city.counties:
        name = city.names[county]
        add(f"government-{county}", f"{name}人民政府", "government", county, f"{name}政府")
        add(f"agriculture-{county}", f"{name}农业农村局", "government", county, f"{name}农业局")
        add(f"enforcement-{county}", f"{name}农业综合行政执法大队", "enforcement", county)
        for town in city.townships[county]:
            if town[Level.COUNTY : Level.TOWNSHIP] != "000":
                add(f"station-{town}", f"{city.names[town]}农产品质量安全监管站", "township", town)
    add("laboratory-360981000000", "丰城市农产品质量安全检验检测站", "laboratory", "360981000000")


def _people(city: City, chance: Random, at: datetime, progress: Callable[[str], object]) -> None:
    hashed = make_password(PASSWORD)  # once: it is slow on purpose

    def add(username: str, role: Role, organisation: str, division: str, subject_number: str = "") -> None:
        key = city.organisations[organisation].pk if organisation else None
        person, _password = add_person(
            username=username, full_name=person_name(chance), role=role, organisation_id=key, division=division,
            phone=mobile(chance), subject_number=subject_number, hashed=hashed, by=city.administrator,
            at=at,
        )  # fmt: skip
        city.people[username] = person
        progress(username)

    for office in ("office", "office2"):
        add(office, Role.PROGRAMME_OFFICE, "agriculture", city.code)
    for key in BODIES:
        add(key, Role.UNIT, key, city.code)
    add("supervisor", Role.SUPERVISOR, "agriculture", city.code)
    _enforcers(add, city.code)
    for county in city.counties:
        add(f"unit-{county[:6]}", Role.UNIT, f"government-{county}", county)
        add(f"supervisor-{county[:6]}", Role.SUPERVISOR, f"agriculture-{county}", county)
    for county in STAFFED:
        _enforcers(add, county)
        town = city.townships[county][-1]
        add(f"supervisor-{town[:9]}", Role.SUPERVISOR, f"station-{town}", town)
        add(f"assistant-{town[:9]}", Role.ASSISTANT, f"station-{town}", town)
    for suffix, place in (("", city.code), ("-360981", "360981000000")):
        for role in (Role.ANALYST, Role.VERIFIER, Role.SIGNATORY):
            add(f"{role}{suffix}", role, f"laboratory-{place}", place)


def _enforcers(add: Callable[[str, Role, str, str], None], place: str) -> None:
    for n in (1, 2, 3):
        add(f"officer{n}-{place[:6]}", Role.OFFICER, f"enforcement-{place}", place)
    add(f"head-{place[:6]}", Role.OFFICER_HEAD, f"enforcement-{place}", place)
