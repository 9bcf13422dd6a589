"""Contracts: what tasks, learners and studies promise, as functions that anyone can call on their own."""

from heldout.contracts.check import check as check
from heldout.contracts.check import findings as findings
from heldout.contracts.finding import Finding as Finding
