// Why channels refuse something, in Korean, by the code of the refusal; in English the server says it itself.
import { words } from '../web/kit.js';

words({
  ko: {
    'error.channel_not_found': '그런 채널이 없거나 볼 수 없습니다.', 'error.message_not_found': '이 채널에 그런 메시지가 없습니다.', 'error.thread_not_found': '이 채널에 그런 스레드가 없습니다.',
    'error.user_not_found': '그런 사람을 찾지 못했습니다.', 'error.users_not_found': '이 이메일을 쓰는 사람이 여기에 없습니다.', 'error.invite_not_found': '이 채널에 열린 초대가 없습니다.', 'error.team_not_found': '그런 워크스페이스가 없습니다.',
    'error.name_taken': '같은 이름의 채널이 이미 있습니다.', 'error.is_archived': '보관된 채널입니다.', 'error.already_archived': '이미 보관된 채널입니다.', 'error.not_archived': '보관된 채널이 아닙니다.',
    'error.default_org_wide_channel': '조직 전체의 기본 채널입니다.', 'error.response_not_found': '기다리는 질문이 없습니다.', 'error.response_answered': '이미 답한 질문입니다.', 'error.response_overdue': '약속한 시간이 지났습니다. 먼저 답해 주세요.',
    'error.already_in_channel': '이미 채널에 있는 사람입니다.', 'error.has_already_connected_to_org': '이 워크스페이스와는 이미 공유하고 있습니다.', 'error.not_in_channel': '이 채널의 멤버가 아닙니다.', 'error.user_not_in_channel': '이 채널에 없는 사람입니다.',
    'error.cant_update_message': '쓴 사람만 고칠 수 있습니다.', 'error.cant_delete_message': '쓴 사람이나 그 워크스페이스의 관리자만 지울 수 있습니다.', 'error.edit_window_closed': '고칠 수 있는 시간이 지났습니다.',
    'error.ura_max_channels': '한 채널 게스트는 이미 채널에 있어서 다른 채널에 들어올 수 없습니다.', 'error.restricted_action_read_only_channel': '이 채널에는 관리자만 씁니다.', 'error.restricted_action_thread_only_channel': '이 채널에서는 관리자만 시작하고, 답글은 모두가 씁니다.', 'error.restricted_action_non_threadable_channel': '이 채널에서는 스레드를 쓰지 않습니다.',
    'error.restricted_action': '역할이나 조직의 규칙 때문에 할 수 없습니다.', 'error.cant_leave_general': '조직의 모두가 있는 채널이라 나갈 수 없습니다.', 'error.member_limit_exceeded': '채널의 정원이 찼습니다.', 'error.account_inactive': '쓴 사람이 더는 이 워크스페이스에 없습니다.', 'error.not_owner': '채널의 호스트만 할 수 있습니다.', 'error.cant_invite': '이 채널에 초대할 수 없는 사람입니다.',
    'error.invalid_name_specials': '채널 이름에는 글자, 숫자, - 와 _ 만 쓸 수 있습니다.', 'error.invalid_name_required': '채널 이름을 적어 주세요.', 'error.invalid_name_maxlength': '채널 이름은 80자까지입니다.', 'error.invalid_name_punctuation': '채널 이름에는 글자나 숫자가 있어야 합니다.', 'error.too_long': '주제와 목적은 250자까지입니다.',
    'error.no_text': '메시지가 비어 있습니다.', 'error.msg_too_long': '메시지는 40,000자까지입니다.', 'error.time_in_past': '이미 지난 시각입니다.', 'error.time_too_far': '120일 뒤까지만 예약할 수 있습니다.', 'error.restricted_too_many': '한 채널에 같은 5분 동안 예약할 수 있는 메시지는 30개까지입니다.', 'error.too_many_pins': '고정은 100개까지입니다.', 'error.too_many_bookmarks': '북마크는 100개까지입니다.',
    'error.channel_archived': '보관된 채널은 공유할 수 없습니다.', 'error.invalid_channel_type': '다이렉트 메시지는 공유할 수 없습니다.', 'error.connection_limit_exceeded_pending': '이미 보낸 초대가 답을 기다리고 있습니다.', 'error.connection_limit_exceeded': '더 많은 조직과는 공유할 수 없습니다.', 'error.invite_used': '이미 수락된 초대입니다.', 'error.invite_from_same_org': '우리 조직에서 보낸 초대입니다.',
    'error.invalid_recipient_team': '이 워크스페이스에 온 초대가 아닙니다.', 'error.email_does_not_match': '다른 이메일 주소로 보낸 초대입니다.', 'error.already_approved': '우리 쪽은 이미 승인했습니다.', 'error.approval_inactive': '승인할 것이 없습니다. 아직 수락하지 않았거나 끝난 초대입니다.', 'error.cannot_kick_home_team': '호스트의 연결은 끊을 수 없습니다.', 'error.cannot_kick_team': '호스트만 다른 조직의 연결을 끊을 수 있습니다.',
    'error.post_only_host': '쓰기만 할 수 있는 쪽은 호스트가 될 수 없습니다.', 'error.transfer_pending': '이미 다른 곳에 호스트를 맡아 달라고 청했습니다.', 'error.no_transfer': '호스트를 넘기려는 곳이 없습니다.', 'error.is_pending_connected_to_org': '우리 조직이 이 채널의 다른 초대를 수락해 승인을 기다리고 있습니다.',
    'error.retention_override_not_allowed': '조직이 채널마다 따로 정하는 것을 허용하지 않습니다.', 'error.invalid_duration': '보관 기간은 1일에서 36,499일까지입니다.', 'error.compliance_exports_prevent_deletion': '여기서 말한 것은 지울 수 없게 되어 있습니다.', 'error.hold_not_found': '그런 보존이 없습니다.', 'error.hold_released': '이미 끝난 보존입니다.',
    'error.takeout_not_found': '그런 내보내기가 없거나 사라졌습니다.', 'error.takeout_not_ready': '내보내기가 아직 준비되지 않았습니다.', 'error.guard_not_found': '그런 규칙이 없습니다.', 'error.violation_not_found': '그런 기록이 없습니다.', 'error.already_decided': '다른 사람이 이미 정했습니다.',
  },
  en: {},
});
