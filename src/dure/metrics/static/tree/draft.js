// A tree while it is being edited: a copy that knows how to add, remove and change nodes, all from the keyboard.
import { reactive, computed, t, askForm, api, toast, sentence, compare } from '../../web/kit.js';
import { nameOf } from '../catalogue/said.js';
import './words.js';

const OPERATIONS = ['sum', 'product', 'ratio'];

export function useDraft(known) {
  const it = reactive({ tree: null, busy: false });
  const plain = tree => ({ id: tree.id, version: tree.version, name_ko: tree.name_ko, name_en: tree.name_en, about_ko: tree.about_ko, about_en: tree.about_en, root: tree.root,
    nodes: tree.nodes.map(n => ({ id: n.id, metric: n.metric.id ?? n.metric, operation: n.operation ?? null })), edges: tree.edges.map(e => ({ from: e.from, to: e.to, kind: e.kind })) });
  const node = id => it.tree.nodes.find(n => n.id === id);
  const title = id => nameOf(known()[node(id)?.metric]) || id;
  const how = (operations, more = []) => ({ name: 'how', label: t('mt.how'), type: 'select', required: true, initial: operations[0], options: [...operations, ...more].map(value => ({ value, label: t('mt.' + value) })) });

  async function add(to) {
    const free = Object.values(known()).map(m => ({ value: m.id, label: nameOf(m) })).sort((a, b) => compare(a.label, b.label)), has = it.tree.edges.some(e => e.to === to && e.kind === 'arithmetic');
    const options = has ? [node(to).operation] : OPERATIONS;
    const made = await askForm({ title: t('mt.addto', { name: title(to) }), submitLabel: t('mt.add'), fields: [
      { name: 'metric', label: t('mt.metric'), type: 'select', required: true, options: free },
      how(options, ['influence']),
    ] });
    if (!made) return null;
    let id = made.metric, n = 2;
    while (node(id)) id = `${made.metric}-${n++}`;
    it.tree.nodes.push({ id, metric: made.metric, operation: null });
    it.tree.edges.push({ from: id, to, kind: made.how === 'influence' ? 'influence' : 'arithmetic' });
    if (made.how !== 'influence') node(to).operation = made.how;
    return id;
  }

  // With a node goes everything that leads to the root only by way of it.
  function remove(id) {
    if (id === it.tree.root) { toast(t('mt.norootremove'), { kind: 'bad' }); return id; }
    const parent = it.tree.edges.find(e => e.from === id)?.to;
    let edges = it.tree.edges.filter(e => e.from !== id && e.to !== id);
    const reached = new Set([it.tree.root]);
    for (let grew = true; grew;) { grew = false; for (const e of edges) if (reached.has(e.to) && !reached.has(e.from)) { reached.add(e.from); grew = true; } }
    it.tree.nodes = it.tree.nodes.filter(n => reached.has(n.id));
    it.tree.edges = edges = edges.filter(e => reached.has(e.from) && reached.has(e.to));
    for (const n of it.tree.nodes) if (!edges.some(e => e.to === n.id && e.kind === 'arithmetic')) n.operation = null;
    return parent;
  }

  async function operation(id) {
    if (!it.tree.edges.some(e => e.to === id && e.kind === 'arithmetic')) return;
    const made = await askForm({ title: t('mt.operationof', { name: title(id) }), submitLabel: t('mt.operation'), fields: [{ ...how(OPERATIONS), initial: node(id).operation }] });
    if (made) node(id).operation = made.how;
  }

  async function save() {
    if (it.busy) return false;
    it.busy = true;
    try {
      await api.put('/trees/' + encodeURIComponent(it.tree.id), it.tree);
      toast(t('mt.saved')); it.tree = null;
      return true;
    } catch (error) { toast.error(error.status === 409 ? t('mt.conflict') : error.status === 422 ? error.message : sentence(error)); return false; } finally { it.busy = false; }
  }
  return { open: computed(() => it.tree !== null), get tree() { return it.tree; }, get busy() { return it.busy; }, begin(tree) { it.tree = plain(tree); }, cancel() { it.tree = null; }, add, remove, operation, save };
}
