// The tabs of a segment's page, in order. Each is {value, label() , view, count(segment), shown(segment)}; a view gets
// `segment` and `reload`.
import { t } from '../web/kit.js';
import { Handovers } from './tabs/handovers.js';
import { Members } from './tabs/members.js';
import { Moves } from './tabs/moves.js';
import { Rules } from './tabs/rules.js';
import { Uses } from './tabs/uses.js';

export const TABS = [
  { value: 'people', label: () => t('seg.people'), view: Members },
  { value: 'moves', label: () => t('seg.moves'), view: Moves },
  { value: 'handovers', label: () => t('seg.handovers'), view: Handovers, count: s => s.handovers?.length },
  { value: 'uses', label: () => t('seg.uses'), view: Uses },
  { value: 'rules', label: () => t('seg.rules'), view: Rules, shown: s => s.rule.kind !== 'listed' },
];
