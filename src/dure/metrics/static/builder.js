// The question builder: a form over a draft, which is plain JSON. Each kind's own part is a file in builder/.
import { html, t } from '../web/kit.js';
import { lifecycle, sessions, stickiness } from './builder/activity.js';
import { Range, Whom } from './builder/common.js';
import { funnel } from './builder/funnel.js';
import { metric } from './builder/metric.js';
import { paths } from './builder/paths.js';
import { retention } from './builder/retention.js';
import { trend } from './builder/trend.js';
import { attribution, correlation, lifetimeValue } from './builder/value.js';
import './builder/words.js';

const PARTS = { trend, funnel, retention, lifecycle, stickiness, sessions, paths, attribution, lifetime_value: lifetimeValue, correlation, metric };

// change(draft) is called with the whole new draft. taken {from, to}: the range where the draft has none.
export const Builder = {
  props: ['draft', 'change', 'taken'],
  setup(p) {
    const set = part => p.change(without({ ...p.draft, ...part }));
    return () => html`<form class="mx-builder" data-scroll aria-label=${t('b.asked')} @submit=${e => e.preventDefault()}>${PARTS[p.draft.kind](p.draft, set)}
      <${Range} question=${p.draft} taken=${p.taken} set=${set} />${p.draft.kind !== 'metric' && html`<${Whom} question=${p.draft} set=${set} />`}</form>`;
  },
};

const without = draft => Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
