"""The invented people and businesses of the demonstration city. Pure: the same random source gives the same city."""

from dataclasses import dataclass
from random import Random

PASSWORD = "nongan-2026-demo"  # of every demonstration account; printed at the start, never used elsewhere

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘"
    "袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦"
)
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建国志华玉梅文斌春生小红雪海燕金花水根木福细毛冬新民永忠良思远"
GOODWORDS = (
    "绿源", "丰和", "金穗", "禾丰", "山里红", "青田", "秀水", "明月", "锦江", "昌盛", "润农", "天润", "旺农", "稻香",
    "百果", "清泉", "正康", "惠民", "兴达", "福满园", "春晖", "鸿运", "裕丰", "同心", "益农", "新禾", "万家", "金桥",
)  # fmt: skip


def person_name(chance: Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2, 2))))


def mobile(chance: Random) -> str:
    """Eleven digits of a range that is not given out to subscribers."""
    return f"100{chance.randrange(10**8):08d}"


@dataclass(frozen=True)
class Trade:
    """A kind of subject: its type and scale, how many of a thousand, how it is named, what it sells (products)."""

    type: str
    above: float
    per_thousand: int
    endings: tuple[str, ...]
    products: tuple[str, ...]


VEGETABLES = ("豇豆", "韭菜", "辣椒", "芹菜", "菠菜", "普通白菜", "大白菜", "黄瓜", "茄子", "菜豆", "姜", "油麦菜")
FRUITS = ("柑", "橘", "梨", "葡萄", "草莓", "猕猴桃", "桃", "西瓜")
MEATS = ("猪肉", "牛肉", "羊肉")
POULTRY = ("鸡肉", "鸭肉", "鸡蛋")
FISH = ("草鱼", "鲫鱼", "鲢鱼", "黄鳝", "牛蛙", "鳙鱼")

TRADES = (
    Trade("enterprise", 0.8, 90, ("农业开发有限公司", "生态农业有限公司", "果蔬有限公司"), VEGETABLES + FRUITS),
    Trade("enterprise", 0.9, 40, ("畜牧有限公司", "养殖有限公司"), MEATS + POULTRY),
    Trade("cooperative", 0.6, 260, ("蔬菜专业合作社", "果业专业合作社", "种植专业合作社"), VEGETABLES + FRUITS),
    Trade("cooperative", 0.6, 80, ("水产养殖专业合作社", "生态养殖专业合作社"), FISH),
    Trade("grower", 0.3, 160, ("",), VEGETABLES + FRUITS),
    Trade("breeder", 0.4, 90, ("",), MEATS + POULTRY),
    Trade("family_farm", 0.3, 90, ("家庭农场",), VEGETABLES + FRUITS + POULTRY),
    Trade("slaughterhouse", 1.0, 12, ("食品有限公司", "肉类加工有限公司"), MEATS + ("鸡肉", "鸭肉")),
    Trade("storage", 0.7, 40, ("冷链物流有限公司", "农产品购销有限公司"), VEGETABLES + FRUITS),
    Trade("broker", 0.1, 20, ("",), VEGETABLES + FRUITS),
    Trade("wholesale", 1.0, 8, ("农产品批发市场有限公司",), VEGETABLES + FRUITS + MEATS + FISH),
    Trade(
        "retail", 0.5, 50, ("农贸市场管理有限公司", "生鲜超市有限公司"), VEGETABLES + FRUITS + MEATS + POULTRY + FISH
    ),
    Trade("input_dealer", 0.2, 60, ("农资经营部", "植保服务有限公司"), ()),
)
PERSONAL = frozenset({"grower", "breeder", "broker"})


def business_name(chance: Random, trade: Trade, place: str, taken: set[str]) -> str:
    """A name that nobody bears yet; `taken` grows by it."""
    if trade.type in PERSONAL:
        return person_name(chance)  # namesakes are common in a village
    while True:
        middle = chance.choice(GOODWORDS) + (chance.choice(GIVEN) if chance.random() < 0.5 else "")
        name = f"{place}{middle}{chance.choice(trade.endings)}"
        if name not in taken:
            taken.add(name)
            return name
