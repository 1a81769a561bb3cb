"""Deposits, transfers, journal entries, card payments, and payroll that no entity shows."""

from collections.abc import Sequence
from datetime import date

from rowcol.sandbox.builder import wire
from rowcol.sandbox.builder.base import BuilderBase, BuildError, Money, Record
from rowcol.sandbox.company import Unlisted, currency_ref
from rowcol.sandbox.ledger.amounts import cents

PartyLine = tuple[str, Money] | tuple[str, Money, str | None]  # account, amount, vendor or customer


class Banking(BuilderBase):
    """Money between accounts."""

    def deposit(
        self,
        on: date,
        *,
        receipts: Sequence[str] = (),
        lines: Sequence[PartyLine] = (),
        into: str = "Checking",
        cash_back: tuple[str, Money] | None = None,
        rate: Money | None = None,
        note: str | None = None,
        created: date | None = None,
    ) -> str:
        """Bank what is in Undeposited Funds, and other money by `lines` (account, amount, party); returns its id.

        `cash_back` is (account, amount) held back from the total.
        """
        account = self._account(into)
        banked = [(self._entity_of[id_], id_, self._total(id_)) for id_ in receipts]
        rows = [
            wire.deposit_line(
                number,
                self._account(line[0]),
                cents(line[1]),
                self._party_of(line),
            )
            for number, line in enumerate(lines, start=len(banked) + 1)
        ]
        total = sum(sum_ for *_, sum_ in banked) + sum(cents(line[1]) for line in lines)
        record: Record = {"DepositToAccountRef": account, "Line": [*wire.deposit_lines(banked), *rows]}
        record |= self._account_currency(account, rate)
        if cash_back is not None:
            back = cents(cash_back[1])
            total -= back
            record["CashBack"] = {"AccountRef": self._account(cash_back[0]), "Amount": back / 100}
        record["TotalAmt"] = total / 100
        if note is not None:
            record["PrivateNote"] = note
        return self._add_txn("Deposit", record, on, created)

    def transfer(
        self,
        amount: Money,
        on: date,
        source: str,
        target: str,
        *,
        rate: Money | None = None,
        created: date | None = None,
    ) -> str:
        """Move money between accounts, in the currency of whichever is foreign; returns its id."""
        from_, to = self._account(source), self._account(target)
        foreign = next((ref for ref in (from_, to) if self._currency(ref) != self.company.currency), from_)
        record: Record = {"FromAccountRef": from_, "ToAccountRef": to, "Amount": cents(amount) / 100}
        return self._add_txn("Transfer", record | self._account_currency(foreign, rate), on, created)

    def card_payment(
        self,
        amount: Money,
        on: date,
        *,
        card: str = "Credit Card",
        paid_from: str = "Checking",
        created: date | None = None,
    ) -> str:
        """Pay a credit card from a bank account; returns its id."""
        record: Record = {
            "CreditCardAccountRef": self._account(card),
            "BankAccountRef": self._account(paid_from),
            "Amount": cents(amount) / 100,
            "CurrencyRef": currency_ref(self.company.currency),
        }
        return self._add_txn("CreditCardPayment", record, on, created)

    def journal(
        self,
        on: date,
        lines: Sequence[PartyLine],
        *,
        number: str | None = None,
        adjustment: bool = False,
        note: str | None = None,
        created: date | None = None,
    ) -> str:
        """Add a journal entry from (account, home amount debit positive, party); returns its id."""
        if sum(cents(line[1]) for line in lines):
            raise BuildError("A journal entry's debits and credits must be the same")
        rows = [
            wire.journal_line(
                index,
                self._account(line[0]),
                cents(line[1]),
                self._party_of(line),
            )
            for index, line in enumerate(lines)
        ]
        total = sum(max(cents(line[1]), 0) for line in lines)
        record: Record = {"Adjustment": adjustment, "TotalAmt": total / 100, "Line": rows}
        record["CurrencyRef"] = currency_ref(self.company.currency)
        if number is not None:
            record["DocNumber"] = number
        if note is not None:
            record["PrivateNote"] = note
        return self._add_txn("JournalEntry", record, on, created)

    def payroll(self, on: date, amount: Money, account: str = "Checking") -> None:
        """Pay wages by QuickBooks Payroll: the bank account moves, and no record of the API says so."""
        self.company.unlisted.append(
            Unlisted(on.isoformat(), self._account(account)["value"], -cents(amount))
        )

    def _total(self, txn_id: str) -> int:
        return cents(self.company.entities[self._entity_of[txn_id]][txn_id]["TotalAmt"])

    def _party_of(self, line: PartyLine) -> wire.Ref | None:
        return self._party(line[2]) if len(line) == 3 and line[2] is not None else None

    def _currency(self, ref: wire.Ref) -> str:
        return str(self.company.of("Account")[ref["value"]]["CurrencyRef"]["value"])

    def _account_currency(self, ref: wire.Ref, rate: Money | None) -> Record:
        currency = self._currency(ref)
        return {"CurrencyRef": currency_ref(currency)} | self._rate_field(currency, rate)
