"""Failed produce goes nowhere but to lawful ends, and its weights balance. Pure. Kilograms, three decimals."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.common.quantity import plain
from nongan.enforcement.rules.states import FINAL, DisposalState, Method

MOST = Decimal("9999999.999")  # kg
ZERO = Decimal(0)


class DisposalRefused(RuleBroken):
    code = "disposal_refused"


@dataclass(frozen=True)
class Balance:
    """`involved` is None until it is established. `disposed`: destroyed, made harmless or handed to the
    police. `lost`: sold and gone. `held`: sealed or recalled, ready to be disposed of."""

    involved: Decimal | None = None
    disposed: Decimal = ZERO
    lost: Decimal = ZERO
    held: Decimal = ZERO

    @property
    def settled(self) -> Decimal:
        return self.disposed + self.lost

    @property
    def remaining(self) -> Decimal | None:
        """What is still to be disposed of; None while nobody knows how much there was."""
        return None if self.involved is None else self.involved - self.settled

    @property
    def state(self) -> DisposalState:
        if self.involved is not None and self.settled == self.involved:
            return DisposalState.DONE
        return DisposalState.PARTLY if self.settled else DisposalState.OPEN


def add(balance: Balance, method: str, kg: Decimal) -> Balance:
    """The balance after one more line; `kg` is negative for a reversal."""
    disposed, lost, held = balance.disposed, balance.lost, balance.held
    if method == Method.LOST:
        lost += kg
    elif method in FINAL:
        disposed += kg
    else:
        held += kg
    return Balance(balance.involved, disposed, lost, held)


def balance_of(involved: Decimal | None, lines: Iterable[tuple[str, Decimal]]) -> Balance:
    """The balance from the ledger's lines (method, kg)."""
    balance = Balance(involved)
    for method, kg in lines:
        balance = add(balance, method, kg)
    return balance


def check_line(balance: Balance, method: str, kg: Decimal) -> Balance:
    """The balance after a line that is lawful. Raises DisposalRefused."""
    if balance.involved is None:
        raise DisposalRefused(_("还没有登记涉案数量。请先核实并登记这批产品共多少千克。"))
    if not ZERO < kg <= MOST or kg != kg.quantize(Decimal("0.001")):
        raise DisposalRefused(_("重量应大于 0，精确到 0.001 千克。请核对。"))
    after = add(balance, method, kg)
    remaining = balance.remaining or ZERO
    if method in FINAL and kg > remaining:
        raise DisposalRefused(
            _("处置 %(kg)s 千克超过待处置的 %(left)s 千克，重量不平。请核对，或先更正涉案数量。")
            % {"kg": plain(kg), "left": plain(remaining)}
        )
    if after.held > balance.involved:
        raise DisposalRefused(
            _("封存、追回合计 %(held)s 千克超过涉案数量 %(all)s 千克，重量不平。请核对。")
            % {"held": plain(after.held), "all": plain(balance.involved)}
        )
    return after


def check_with_police(method: str, goods_moved: bool) -> None:
    """What is booked as handed to the police was handed over with the goods of the case. Raises DisposalRefused."""
    if method == Method.POLICE and not goods_moved:
        raise DisposalRefused(
            _("案件没有登记向公安机关移交涉案物品，不能这样登记（国务院令第310号第十二条）。请先在案件中登记移交。")
        )


def check_involved(balance: Balance, involved: Decimal) -> Balance:
    """The weight involved covers what is already disposed of and held. Raises DisposalRefused."""
    if not ZERO < involved <= MOST or involved != involved.quantize(Decimal("0.001")):
        raise DisposalRefused(_("涉案数量应大于 0，精确到 0.001 千克。请核对。"))
    least = max(balance.settled, balance.held)
    if involved < least:
        raise DisposalRefused(
            _("涉案数量 %(kg)s 千克少于已登记的 %(least)s 千克，重量不平。请核对，或先冲销登错的记录。")
            % {"kg": plain(involved), "least": plain(least)}
        )
    return Balance(involved, balance.disposed, balance.lost, balance.held)


def check_reversal(balance: Balance, method: str, kg: Decimal) -> Balance:
    """Taking a line of `kg` back never makes a weight negative. Raises DisposalRefused."""
    after = add(balance, method, -kg)
    if min(after.disposed, after.lost, after.held) < 0:
        raise DisposalRefused(_("这条记录已冲销过。"))
    return after
