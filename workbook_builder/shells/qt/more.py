"""What is seldom needed: small numbers, and figures of published months taken anew."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSpinBox, QWidget

from workbook_builder.figures import LEAST_LIMIT, MOST_LIMIT, OFF
from workbook_builder.shells.presenter import Presenter
from workbook_builder.shells.qt.parts import button, column, fill, labelled, named, row
from workbook_builder.shells.state import State

_USUAL = (5, 10)
#: The choice by which the number beside it counts.
_OTHER = "other"
_HIDDEN = (
    "Figures about fewer people than this are shown as [c], and those that would give them away"
)


class MoreOptions(QWidget):
    """Options that are folded away until a person asks for them."""

    def __init__(self, presenter: Presenter) -> None:
        super().__init__()
        self._do = presenter
        self._make_limit()
        self._make_recalculation()
        self.inside = column(
            labelled("Hid&e small numbers", self.limit, beside=self.under),
            self.recalculate,
            labelled("From mon&th", self.since),
            inside=True,
        )
        self.inside.hide()
        self.more = button("More opt&ions", "Show or hide what is seldom needed", lambda: None)
        self.more.setCheckable(True)
        self.more.toggled.connect(self._fold)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(column(row(self.more, None), self.inside, inside=True))

    def _make_limit(self) -> None:
        self.limit = named(QComboBox(), "Hide small numbers", _HIDDEN)
        self.limit.activated.connect(self._choose_limit)
        self.under = named(QSpinBox(), "Hide numbers under", _HIDDEN)
        self.under.setRange(LEAST_LIMIT, MOST_LIMIT)
        self.under.setValue(_USUAL[0])
        self.under.valueChanged.connect(self._choose_limit)
        self.under.hide()

    def _make_recalculation(self) -> None:
        self.recalculate = named(
            QCheckBox("Recalculate published mont&hs"), "Recalculate published months",
            "Take today's figures in place of those in last month's workbook",
        )  # fmt: skip
        self.since = named(QComboBox(), "From month", "The first month to recalculate")
        self.recalculate.toggled.connect(self._choose_recalculation)
        self.since.activated.connect(self._choose_recalculation)

    def present(self, state: State, months: list[tuple[str, object]]) -> None:
        """Show what is chosen; `months` are those that may be recalculated from."""
        other = self.limit.currentData() == _OTHER
        fill(self.limit, _limits(state), _OTHER if other else state.suppress_under)
        self.recalculate.setEnabled(bool(state.pasts))
        self.since.setEnabled(bool(state.pasts) and state.recalculate)
        fill(self.since, [("All months", None), *months], state.since)

    def _fold(self, shown: bool) -> None:
        self.inside.setVisible(shown)
        words = "shown" if shown else "hidden"
        self._do.view.announce(f"More options are {words}.")

    def _choose_limit(self) -> None:
        other = self.limit.currentData() == _OTHER
        self.under.setVisible(other)
        self._do.choose_limit(self.under.value() if other else self.limit.currentData())

    def _choose_recalculation(self) -> None:
        self._do.choose_recalculation(self.recalculate.isChecked(), self.since.currentData())


def _limits(state: State) -> list[tuple[str, object]]:
    layout = state.layout_known
    under = layout.suppress_under if layout else None
    says = f"under {under}" if under else "off"
    usual = [(f"Under {limit}", limit) for limit in _USUAL]
    return [(f"As the layout says ({says})", None), ("Off: show all", OFF), *usual,
            ("Under another number", _OTHER)]  # fmt: skip
