"""What every slice brings to automation: where products meet, by steps, triggers, events, recipes and look-ups."""

from __future__ import annotations

from dure.automation.api import Automation
from dure.automation.members_step import members_step
from dure.automation.recipes import RECIPES as AUTOMATION_RECIPES
from dure.campaigns import measuring
from dure.campaigns import steps as campaign_steps
from dure.campaigns import triggers as campaign_triggers
from dure.campaigns.api import Campaigns
from dure.campaigns.demand.events import EVENTS as DEMAND_EVENTS
from dure.campaigns.recipes import RECIPES as CAMPAIGN_RECIPES
from dure.channels import steps as channel_steps
from dure.channels import triggers as channel_triggers
from dure.channels.api import Channels
from dure.channels.dormant import steps as dormant_steps
from dure.channels.events import EVENTS as CHANNEL_EVENTS
from dure.channels.forms import steps as form_steps
from dure.channels.forms.api import Forms
from dure.channels.forms.events import EVENTS as FORM_EVENTS
from dure.channels.guarding.events import EVENTS as GUARD_EVENTS
from dure.channels.interaction import steps as interaction_steps
from dure.channels.interaction.api import Interaction
from dure.channels.interaction.events import EVENTS as INTERACTION_EVENTS
from dure.channels.recipes import RECIPES as CHANNEL_RECIPES
from dure.channels.responding import steps as response_steps
from dure.customers.recipes import RECIPES as CUSTOMER_RECIPES
from dure.customers.wire import RoomsForCustomers
from dure.deals import lookups as deal_lookups
from dure.deals import steps as deal_steps
from dure.deals import triggers as deal_triggers
from dure.deals.api import Deals
from dure.deals.insight import EVENTS as INSIGHT_EVENTS
from dure.deals.mentioning import steps as mentioning_steps
from dure.deals.recipes import RECIPES as DEAL_RECIPES
from dure.experiments import steps as experiment_steps
from dure.experiments.api import Experiments
from dure.experiments.recipes import RECIPES as EXPERIMENT_RECIPES
from dure.governance.api import Governance
from dure.metrics import lookups as metric_lookups
from dure.metrics import steps as metric_steps
from dure.metrics import triggers as metric_triggers
from dure.metrics.api import Metrics
from dure.metrics.boards.posting import Posting
from dure.metrics.recipes import RECIPES as METRIC_RECIPES
from dure.pacing import deciding
from dure.pacing import lookups as pacing_lookups
from dure.pacing import steps as pacing_steps
from dure.pacing import triggers as pacing_triggers
from dure.pacing.api import Pacing
from dure.pacing.recipes import RECIPES as PACING_RECIPES
from dure.people.api import People
from dure.segments import steps as segment_steps
from dure.segments import triggers as segment_triggers
from dure.segments.api import Segments
from dure.segments.people_step import people_step
from dure.segments.recipes import RECIPES as SEGMENT_RECIPES
from dure.social import steps as social_steps
from dure.social import triggers as social_triggers
from dure.social.advocacy import steps as advocacy_steps
from dure.social.advocacy.api import Advocacy
from dure.social.api import Social
from dure.social.care import steps as care_steps
from dure.social.care.api import Care
from dure.social.care.events import EVENTS as CARE_EVENTS
from dure.social.care.recipes import RECIPES as CARE_RECIPES
from dure.social.clocks import steps as clock_steps
from dure.social.clocks.events import EVENTS as CLOCK_EVENTS
from dure.social.ideas import steps as idea_steps
from dure.social.ideas.api import Ideas
from dure.social.publishing import steps as publishing_steps
from dure.social.publishing.api import Publishing
from dure.social.recipes import RECIPES as SOCIAL_RECIPES
from dure.social.routing import steps as routing_steps
from dure.social.routing.api import Routing
from dure.social.sources.steps import EVENTS as SOURCE_EVENTS


def offer(
    automation: Automation, *, governance: Governance, people: People, channels: Channels, forms: Forms,
    interaction: Interaction, segments: Segments, deals: Deals, pacing: Pacing, social: Social, campaigns: Campaigns,
    metrics: Metrics, posting: Posting, experiments: Experiments, routing: Routing, ideas: Ideas,
    care: Care,
    publishing: Publishing,
    advocacy: Advocacy,
    customers: RoomsForCustomers,
) -> None:  # fmt: skip
    """Offers all of it. Two of one name among steps, triggers or recipes are an error of the program."""
    automation.offer(
        steps=[
            *channel_steps.steps(channels, governance), *form_steps.steps(forms), *interaction_steps.steps(interaction),
            *dormant_steps.steps(), *response_steps.steps(channels),
        ],
        triggers=channel_triggers.TRIGGERS,
        kinds_of_events=[*CHANNEL_EVENTS, *GUARD_EVENTS, *FORM_EVENTS, *INTERACTION_EVENTS],
        recipes=CHANNEL_RECIPES,
    )  # fmt: skip
    automation.offer(steps=customers.steps(), recipes=CUSTOMER_RECIPES)
    automation.offer(steps=[members_step(governance), people_step(people)], recipes=AUTOMATION_RECIPES)
    automation.offer(
        steps=segment_steps.steps(segments), triggers=segment_triggers.TRIGGERS, kinds_of_events=segment_steps.EVENTS,
        recipes=SEGMENT_RECIPES,
    )  # fmt: skip
    automation.offer(
        steps=experiment_steps.steps(experiments), kinds_of_events=experiment_steps.EVENTS, recipes=EXPERIMENT_RECIPES
    )
    automation.offer(
        steps=[*deal_steps.steps(deals), *mentioning_steps.steps()], triggers=deal_triggers.TRIGGERS,
        kinds_of_events=[*deal_steps.EVENTS, *INSIGHT_EVENTS], recipes=DEAL_RECIPES, lookups=deal_lookups.LOOKUPS,
    )  # fmt: skip
    automation.offer(
        steps=[*pacing_steps.steps(pacing), *deciding.steps(pacing)], triggers=pacing_triggers.TRIGGERS,
        kinds_of_events=pacing_steps.EVENTS, recipes=PACING_RECIPES, lookups=pacing_lookups.LOOKUPS,
    )  # fmt: skip
    automation.offer(
        steps=[
            *social_steps.steps(social), *idea_steps.steps(ideas), *care_steps.steps(care),
            *publishing_steps.steps(publishing),
            *routing_steps.steps(routing, governance, people, deal_lookups.open_deals),
            *advocacy_steps.steps(advocacy, governance),
        ],
        triggers=[*social_triggers.TRIGGERS, *care_steps.TRIGGERS, *clock_steps.TRIGGERS],
        kinds_of_events=[*social_steps.EVENTS, *SOURCE_EVENTS, *CARE_EVENTS, *CLOCK_EVENTS],
        recipes=[*SOCIAL_RECIPES, *CARE_RECIPES, *clock_steps.RECIPES],
    )  # fmt: skip
    automation.offer(
        steps=[*campaign_steps.steps(campaigns), *measuring.steps(campaigns)], triggers=campaign_triggers.TRIGGERS,
        kinds_of_events=[*campaign_steps.EVENTS, *DEMAND_EVENTS], recipes=CAMPAIGN_RECIPES,
    )  # fmt: skip
    automation.offer(
        steps=metric_steps.steps(metrics, posting, governance), triggers=metric_triggers.TRIGGERS,
        kinds_of_events=metric_steps.EVENTS, recipes=METRIC_RECIPES,
        lookups={"metric": metric_lookups.metrics(metrics, governance)},
    )  # fmt: skip
