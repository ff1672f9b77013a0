// Where events go continuously: each place with its newest object, what waits for it, and why it failed.
import { Ago, api, ask, askForm, Badge, duration, html, icon, load, Menu, minute, num, Panel, ref, reloadOn, t, Table, toast, useTop, words } from '../web/kit.js';

words({
  ko: {
    'exports.title': '내보내기', 'exports.name': '이름', 'exports.place': '보내는 곳', 'exports.state': '상태', 'exports.on': '보내는 중', 'exports.off': '멈춤', 'exports.failed': '실패', 'exports.behind': '밀림',
    'exports.last': '마지막 객체', 'exports.waiting': '기다리는 이벤트', 'exports.sent': '보낸 이벤트', 'exports.objects': '객체',
    'exports.add': '보낼 곳 추가', 'exports.added': '{name}(을/를) 추가했습니다. 지금부터 오는 이벤트가 갑니다', 'exports.kind': '종류', 'exports.folder': '서버의 폴더', 'exports.s3': 'S3 호환 저장소',
    'exports.path': '폴더 이름', 'exports.pathhint': '서버 관리자가 정한 내보내기 폴더 아래입니다.', 'exports.prefix': '접두사', 'exports.endpoint': '주소', 'exports.bucket': '버킷', 'exports.region': '리전', 'exports.key': '액세스 키 ID', 'exports.secret': '시크릿 키', 'exports.secrethint': '암호화해 저장하며 다시 보여 주지 않습니다.',
    'exports.events': '객체 하나의 최대 이벤트', 'exports.seconds': '최대 간격', 'exports.pause': '멈추기', 'exports.resume': '다시 보내기', 'exports.remove': '삭제', 'exports.more': '더 보기',
    'exports.askpause': '{name}(을/를) 멈출까요?', 'exports.pausebody': '멈춘 동안 온 이벤트는 그곳에 가지 않습니다. 빠진 날은 dure export events로 따로 내보낼 수 있습니다.', 'exports.askremove': '{name}(을/를) 삭제할까요?', 'exports.removebody': '이미 보낸 객체는 그대로 남습니다.',
    'exports.none': '이벤트를 보내는 곳이 없습니다', 'exports.nonebody': '폴더나 S3 호환 저장소를 추가하면 모든 이벤트가 Parquet 파일로, 날짜(UTC)별로 쌓입니다.',
    'exports.newest': '{name}의 최근 객체', 'exports.object': '객체', 'exports.size': '크기', 'exports.when': '쓴 때', 'exports.nothing': '아직 쓴 객체가 없습니다', 'exports.history': '지난 이벤트 내보내기', 'exports.historybody': '지금까지의 이벤트는 명령으로 내보냅니다. 멈추었다 다시 해도 이어집니다.', 'exports.erased': '내보낸 파일은 Dure 밖에 있습니다. 사람을 지울 때 그 파일에서는 따로 지워야 합니다.',
  },
  en: {
    'exports.title': 'Exports', 'exports.name': 'Name', 'exports.place': 'Place', 'exports.state': 'State', 'exports.on': 'Sending', 'exports.off': 'Paused', 'exports.failed': 'Failed', 'exports.behind': 'Behind',
    'exports.last': 'Newest object', 'exports.waiting': 'Events waiting', 'exports.sent': 'Events sent', 'exports.objects': 'Objects',
    'exports.add': 'Add a place', 'exports.added': '{name} was added; events go there from now on', 'exports.kind': 'Kind', 'exports.folder': 'Folder on the server', 'exports.s3': 'S3-compatible storage',
    'exports.path': 'Folder', 'exports.pathhint': 'Under the export folder that the server’s keeper chose.', 'exports.prefix': 'Prefix', 'exports.endpoint': 'Address', 'exports.bucket': 'Bucket', 'exports.region': 'Region', 'exports.key': 'Access key id', 'exports.secret': 'Secret key', 'exports.secrethint': 'Stored encrypted, and never shown again.',
    'exports.events': 'Events an object, at most', 'exports.seconds': 'Time between objects, at most', 'exports.pause': 'Pause', 'exports.resume': 'Send again', 'exports.remove': 'Remove', 'exports.more': 'More',
    'exports.askpause': 'Pause {name}?', 'exports.pausebody': 'What comes while it is paused does not go there. Missing days can be taken out with dure export events.', 'exports.askremove': 'Remove {name}?', 'exports.removebody': 'Objects that were written stay where they are.',
    'exports.none': 'Events go nowhere yet', 'exports.nonebody': 'Add a folder or an S3-compatible storage, and every event is kept there as Parquet files, by day (UTC).',
    'exports.newest': 'Newest objects of {name}', 'exports.object': 'Object', 'exports.size': 'Size', 'exports.when': 'Written', 'exports.nothing': 'No object was written yet', 'exports.history': 'Take out the past', 'exports.historybody': 'What came until now is taken out by a command, which goes on where it was stopped.', 'exports.erased': 'Exported files lie outside of Dure. When a person is erased, those files have to be cleaned by you.',
  },
});

const s3 = values => values.kind === 's3', folder = values => values.kind !== 's3';

export default {
  setup() {
    const open = ref(null);
    const targets = load(signal => api.get('/exports', { signal }), { watch: () => minute.value, keep: true });
    reloadOn(targets, 'exports');
    const objects = load(signal => open.value ? api.get(`/exports/${open.value.id}/objects`, { signal }) : Promise.resolve({ objects: [] }), { watch: () => open.value?.id });

    async function add() {
      await askForm({
        title: t('exports.add'), submitLabel: t('exports.add'), values: { kind: 'folder', max_events: 100000, max_seconds: 300 },
        fields: [
          { name: 'name', label: t('exports.name'), required: true },
          { name: 'kind', label: t('exports.kind'), type: 'choice', options: [{ value: 'folder', label: t('exports.folder') }, { value: 's3', label: t('exports.s3') }] },
          { name: 'folder', label: t('exports.path'), hint: t('exports.pathhint'), placeholder: 'warehouse', when: folder },
          { name: 'endpoint', label: t('exports.endpoint'), type: 'url', placeholder: 'https://s3.ap-northeast-2.amazonaws.com', required: true, when: s3 },
          { name: 'bucket', label: t('exports.bucket'), required: true, when: s3 }, { name: 'prefix', label: t('exports.prefix'), placeholder: 'dure/events', when: s3 },
          { name: 'region', label: t('exports.region'), placeholder: 'us-east-1', when: s3 },
          { name: 'key_id', label: t('exports.key'), required: true, when: s3 }, { name: 'secret', label: t('exports.secret'), type: 'password', hint: t('exports.secrethint'), required: true, when: s3 },
          { name: 'max_events', label: t('exports.events'), type: 'number', min: 1, max: 1000000, required: true }, { name: 'max_seconds', label: t('exports.seconds'), type: 'number', min: 1, max: 86400, unit: 's', required: true },
        ],
        submit: async ({ folder: path, prefix, ...values }) => {
          const kept = s3(values) ? { ...values, path: prefix } : { name: values.name, kind: 'folder', path, max_events: values.max_events, max_seconds: values.max_seconds };
          const body = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== '' && value != null));
          const made = await api.post('/exports', body);
          toast(t('exports.added', { name: made.name }));
          targets.reload({ quiet: true });
        },
      });
    }
    async function change(target, enabled) {
      if (!enabled && !await ask({ title: t('exports.askpause', { name: target.name }), body: t('exports.pausebody'), action: t('exports.pause') })) return;
      try { await api.patch('/exports/' + target.id, { enabled }); } catch (error) { toast.error(error); }
      targets.reload({ quiet: true });
    }
    async function remove(target) {
      if (!await ask({ title: t('exports.askremove', { name: target.name }), body: t('exports.removebody'), action: t('exports.remove'), danger: true })) return;
      try { await api.del('/exports/' + target.id); } catch (error) { toast.error(error); }
      if (open.value?.id === target.id) open.value = null;
      targets.reload({ quiet: true });
    }

    useTop({ tools: () => html`<button type="button" class="btn pri" @click=${add}>${icon('plus')}${t('exports.add')}</button>` });
    // Gathering is no delay; being past twice the longest gap is one.
    const late = target => target.enabled && target.waiting.events > 0 && target.waiting.seconds > 2 * target.max_seconds + 60;
    const stateOf = target => !target.enabled ? html`<${Badge} text=${t('exports.off')} />` : target.error ? html`<${Badge} kind="bad" text=${t('exports.failed')} />`
      : late(target) ? html`<${Badge} kind="warn" text=${t('exports.behind')} />` : html`<${Badge} kind="ok" text=${t('exports.on')} />`;
    const columns = () => [
      { key: 'name', title: t('exports.name') },
      { key: 'place', title: t('exports.place'), render: target => html`<span class="stack"><span>${t('exports.' + target.kind)} <code class="mono mut">${target.place}</code></span>${target.error && html`<span class="sm poor exports-error">${target.error}</span>`}</span>` },
      { key: 'state', title: t('exports.state'), sort: false, render: stateOf },
      { key: 'last', title: t('exports.last'), value: target => target.last?.written_at ?? '', render: target => target.last ? html`<${Ago} at=${target.last.written_at} />` : '–' },
      { key: 'waiting', title: t('exports.waiting'), num: true, value: target => target.waiting.events, render: target => html`${num(target.waiting.events)}${target.waiting.events > 0 && html` <span class="mut sm">${duration(target.waiting.seconds)}</span>`}` },
      { key: 'events', title: t('exports.sent'), num: true }, { key: 'objects', title: t('exports.objects'), num: true },
      { key: 'acts', title: '', sort: false, width: 48, render: target => html`<span @click=${event => event.stopPropagation()}><${Menu} label=${t('exports.more')} icon="more" items=${[
        target.enabled ? { label: t('exports.pause'), icon: 'pause', run: () => change(target, false) } : { label: t('exports.resume'), icon: 'send', run: () => change(target, true) },
        { label: t('exports.remove'), icon: 'trash', danger: true, run: () => remove(target) },
      ]} /></span>` },
    ];
    const objectColumns = () => [
      { key: 'name', title: t('exports.object'), sort: false, render: one => html`<code class="mono sm">${one.name}</code>` },
      { key: 'events', title: t('exports.sent'), num: true }, { key: 'bytes', title: t('exports.size'), num: true, render: one => one.bytes < 1048576 ? num(one.bytes / 1024, 1) + ' KB' : num(one.bytes / 1048576, 1) + ' MB' },
      { key: 'written_at', title: t('exports.when'), render: one => html`<${Ago} at=${one.written_at} />` },
    ];
    const show = target => { open.value = open.value?.id === target.id ? null : target; };
    return () => html`<div class="view exports">
      <${Table} label=${t('exports.title')} columns=${columns()} rows=${targets.data?.targets} loading=${targets.loading} error=${targets.error} retry=${targets.reload} open=${show}
        empty=${{ icon: 'file', title: t('exports.none'), body: t('exports.nonebody'), action: { label: t('exports.add'), run: add } }} />
      <div class="page">
        ${open.value && html`<${Panel} title=${t('exports.newest', { name: open.value.name })} wide=${true} flush=${true}>
          <${Table} label=${t('exports.objects')} columns=${objectColumns()} rows=${objects.data?.objects} rowKey="name" loading=${objects.loading} error=${objects.error} retry=${objects.reload} empty=${{ icon: 'file', title: t('exports.nothing') }} /><//>`}
        <${Panel} title=${t('exports.history')} wide=${true}><p>${t('exports.historybody')}</p><pre class="mono sm exports-how">dure export events --to ./lake --from 2026-01-01</pre><p class="mut sm">${t('exports.erased')}</p><//>
      </div>
    </div>`;
  },
};
