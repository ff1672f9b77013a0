"""What keeps people safe, put together: the gate, the boundary of every carrier, approval, trials, the watch."""

from __future__ import annotations

from collections.abc import Sequence

from dure.campaigns.approval.api import Approvals
from dure.campaigns.approval.headcount import Headcount
from dure.campaigns.approval.listing import Listing
from dure.campaigns.gate.api import Gate
from dure.campaigns.gate.boundary import Boundary, Customs
from dure.campaigns.gate.turnstile import Turnstile
from dure.campaigns.plugs import Carrier, Directory, Recommending, Writing
from dure.campaigns.trials.api import Trials
from dure.campaigns.watch.api import Watch
from dure.experiments.api import Experiments
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.seal import Seal
from dure.log.api import Log
from dure.segments.api import Segments
from dure.state import State


class Safety:
    """`carriers` here are those of the house, each behind its boundary: nobody else is given one."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, segments: Segments, directory: Directory,
        seal: Seal, carriers: Sequence[Carrier], writing: Writing, recommending: Recommending, out_url: str,
        experiments: Experiments,
    ) -> None:  # fmt: skip
        heads = Headcount(log, segments, clock)
        self.approvals = Approvals(state, clock, segments, experiments, heads)
        self.listing = Listing(state, governance, directory, heads)
        addresses = {one.channel: one.address for one in carriers}
        self.gate = Gate(state, clock, governance, segments, seal, addresses, self.approvals)
        # Before a launch there is no word yet that could be broken.
        self.unbound = Gate(state, clock, governance, segments, seal, addresses)
        self.customs = Customs(state, clock, governance.playgrounds, Turnstile(self.gate.rates))
        self.carriers = [Boundary(one, self.customs) for one in carriers]
        self.watch = Watch(state, clock, governance)
        self.trials = Trials(
            state, clock, governance, directory, heads, seal, {one.channel: one for one in self.carriers}, writing,
            recommending, out_url,
        )  # fmt: skip
