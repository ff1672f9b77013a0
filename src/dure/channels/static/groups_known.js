// The workspace's user groups, for whoever is about to mention one.
import { api, ref } from '../web/kit.js';

const known = ref(null);
export function groups() {
  if (known.value === null) { known.value = []; api.get('/usergroups', { quiet: true }).then(got => { known.value = got.groups; }, () => { known.value = null; }); }
  return known.value ?? [];
}
