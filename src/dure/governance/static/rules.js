// The rules that hold here: what the organisation says, what this workspace says, and which of both is the stricter.
import { api, Badge, boot, computed, Field, html, load, Table, t, toast, words } from '../web/kit.js';

words({
  ko: {
    'rules.title': '규칙', 'rules.rule': '규칙', 'rules.whole': '조직 전체', 'rules.here': '이 워크스페이스', 'rules.holds': '지금 적용', 'rules.unsaid': '정하지 않음', 'rules.saved': '규칙을 바꿨습니다', 'rules.hours': '{n}시간',
    'rules.hint': '워크스페이스는 조직의 규칙을 더 엄하게만 바꿀 수 있습니다.',
    'rules.guests': '게스트부터', 'rules.members': '구성원부터', 'rules.admins': '관리자부터', 'rules.owners': '소유자만', 'rules.nobody': '아무도 못 함', 'rules.none': '승인 없이',
    'rules.people.invite': '사람 초대', 'rules.channels.create_public': '공개 채널 만들기', 'rules.channels.create_private': '비공개 채널 만들기', 'rules.channels.connect': '다른 조직과 채널 공유', 'rules.connect.gate': '공유 초대를 보내기 전 승인', 'rules.connect.approval_out': '우리 채널이 수락된 뒤 승인', 'rules.connect.approval_in': '받은 공유 초대 승인', 'rules.apps.install': '앱 설치', 'rules.session.hours': '로그인 유지 시간',
    'rules.people.ask': '초대 요청하기', 'rules.apps.approval': '앱 승인', 'rules.unasked': '필요 없음', 'rules.needed': '먼저 승인받아야 함',
    'rules.signin.second_factor': '두 번째 확인 수단', 'rules.off': '각자 정함', 'rules.everybody': '모두 있어야 함', 'rules.signin.methods': '로그인 방법', 'rules.any': '모두 허용', 'rules.passkey': '패스키나 제공자', 'rules.provider': '제공자만', 'rules.signin.password_length': '비밀번호 길이', 'rules.characters': '{n}자 이상',
    'rules.exports.make': '대화 내보내기',
  },
  en: {
    'rules.title': 'Rules', 'rules.rule': 'Rule', 'rules.whole': 'Whole organisation', 'rules.here': 'This workspace', 'rules.holds': 'Holds now', 'rules.unsaid': 'Not said', 'rules.saved': 'The rule was changed', 'rules.hours': '{n} {n|hour|hours}',
    'rules.hint': 'A workspace can only be stricter than the organisation.',
    'rules.guests': 'Guests and above', 'rules.members': 'Members and above', 'rules.admins': 'Admins and above', 'rules.owners': 'Owners only', 'rules.nobody': 'Nobody', 'rules.none': 'Not needed',
    'rules.people.invite': 'Inviting people', 'rules.channels.create_public': 'Making public channels', 'rules.channels.create_private': 'Making private channels', 'rules.channels.connect': 'Sharing channels with other organisations', 'rules.connect.gate': 'Approval before an invitation to share is sent', 'rules.connect.approval_out': 'Approval after our invitation was accepted', 'rules.connect.approval_in': 'Approval of invitations we accept', 'rules.apps.install': 'Installing apps', 'rules.session.hours': 'How long a sign-in lasts',
    'rules.people.ask': 'Asking for an invitation', 'rules.apps.approval': 'Approval of apps', 'rules.unasked': 'Not needed', 'rules.needed': 'Needed before an app comes',
    'rules.signin.second_factor': 'Second factor', 'rules.off': 'As people like', 'rules.everybody': 'Everybody needs one', 'rules.signin.methods': 'Ways to sign in', 'rules.any': 'All of them', 'rules.passkey': 'Passkey or provider', 'rules.provider': 'Provider only', 'rules.signin.password_length': 'Length of passwords', 'rules.characters': 'At least {n}',
    'rules.exports.make': 'Making exports',
  },
});

const STEPS = { hours: [1, 8, 12, 24, 72, 168, 336, 720, 2160, 8760], characters: [8, 10, 12, 14, 16, 20, 24, 32, 64] };

export const Rules = {
  setup() {
    const listed = load(signal => api.get('/policies', { signal }));
    const mayWhole = ['owner', 'admin'].includes(boot.org_role), mayHere = ['owner', 'admin'].includes(boot.me.role);
    // How long things are kept has a screen of its own.
    const rows = computed(() => listed.data?.policies.filter(rule => !/^(retention|messages)\./.test(rule.name)));
    const shown = (rule, value) => value == null ? t('rules.unsaid') : rule.unit ? t('rules.' + rule.unit, { n: value }) : t('rules.' + value);
    // What a workspace may still choose: nothing looser than what the whole says.
    const choices = (rule, whole) => {
      const all = rule.unit ? STEPS[rule.unit].filter(n => n >= rule.least && n <= rule.most).concat([rule.whole, rule.here].filter(n => n && !STEPS[rule.unit].includes(n))).sort((a, b) => a - b) : rule.values;
      if (whole || rule.whole == null) return all;
      return rule.unit ? all.filter(n => rule.stricter === 'more' ? n >= rule.whole : n <= rule.whole) : all.slice(all.indexOf(rule.whole));
    };
    async function set(rule, whole, value) {
      try { await api.put('/policies/' + rule.name, { value, whole }); toast(t('rules.saved')); } catch (failure) { toast.error(failure); }
      listed.reload({ quiet: true });
    }
    const cell = (rule, whole, may) => {
      const value = whole ? rule.whole : rule.here;
      if (!may) return html`<span class=${value == null ? 'mut' : ''}>${shown(rule, value)}</span>`;
      return html`<${Field} name=${rule.name + (whole ? '.whole' : '.here')} type="select" value=${value} placeholder=${t('rules.unsaid')}
        options=${choices(rule, whole).map(one => ({ value: one, label: shown(rule, one) }))} change=${chosen => set(rule, whole, chosen)} />`;
    };
    const columns = () => [
      { key: 'name', title: t('rules.rule'), value: rule => t('rules.' + rule.name), sort: false },
      { key: 'whole', title: t('rules.whole'), sort: false, width: 220, render: rule => cell(rule, true, mayWhole) },
      { key: 'here', title: t('rules.here'), sort: false, width: 220, render: rule => cell(rule, false, mayHere) },
      { key: 'holds', title: t('rules.holds'), sort: false, width: 180, render: rule => html`<${Badge} kind="ok" text=${shown(rule, rule.holds)} />` },
    ];
    return () => html`<p class="mut" style="padding:12px 16px 0">${t('rules.hint')}</p><${Table} label=${t('rules.title')} columns=${columns()} rows=${rows.value} rowKey="name" loading=${listed.loading} error=${listed.error} retry=${listed.reload} />`;
  },
};
