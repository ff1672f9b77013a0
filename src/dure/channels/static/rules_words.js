// What screens say of channels' rules and of the organisation's channels, in both languages.
import { words } from '../web/kit.js';

words({
  ko: {
    'ch.silent.restricted_action_read_only_channel': '이 채널은 읽기 전용입니다. 정해진 사람만 글을 씁니다.', 'ch.silent.restricted_action_thread_only_channel': '새 글은 정해진 사람만 씁니다. 스레드에는 답할 수 있습니다.',
    'ch.silent.restricted_action_non_threadable_channel': '이 채널의 스레드에는 답할 수 없습니다.', 'ch.silent.information_barrier': '정보 차단 규칙 때문에 이 대화는 읽을 수만 있습니다.',
    'ch.prefs': '쓰기 규칙', 'ch.prefs.of': '{name}의 쓰기 규칙', 'ch.prefs.post': '새 글을 쓰는 사람', 'ch.prefs.thread': '스레드에 답하는 사람', 'ch.prefs.also': '그 밖에 쓸 수 있는 사람', 'ch.prefs.also.add': '사람 추가', 'ch.prefs.also.hint': '앱과 자동화도 이름이 있어야 씁니다.',
    'ch.prefs.everyone': '모두', 'ch.prefs.ra': '게스트를 뺀 모두', 'ch.prefs.admin': '워크스페이스 관리자', 'ch.prefs.owner': '워크스페이스 소유자', 'ch.prefs.org_admin': '조직 관리자', 'ch.prefs.named': '아래 적은 사람만',
    'ch.prefs.mentions': '@here와 @channel 쓰기', 'ch.prefs.limit': '최대 인원', 'ch.prefs.limit.hint': '0이면 제한이 없습니다', 'ch.prefs.saved': '쓰기 규칙을 바꿨습니다', 'ch.prefs.remove': '{name} 빼기', 'ch.prefs.unknown': '알 수 없는 사람',
    'ch.reach.several': '여러 워크스페이스', 'ch.reach.whole': '조직 전체', 'ch.reach.in': '함께 쓰는 곳: {names}', 'ch.standing.default': '기본 채널', 'ch.standing.mandatory': '필수 채널',
    'orgch.title': '조직의 채널', 'orgch.find': '이름이나 목적으로 찾기', 'orgch.workspace': '워크스페이스', 'orgch.all': '모든 워크스페이스', 'orgch.kind': '종류', 'orgch.any': '모든 종류', 'orgch.public': '공개', 'orgch.private': '비공개', 'orgch.archived': '보관됨', 'orgch.org_shared': '여러 워크스페이스', 'orgch.org_wide': '조직 전체', 'orgch.external_shared': '외부와 공유',
    'orgch.name': '이름', 'orgch.members': '인원', 'orgch.active': '최근 활동', 'orgch.where': '워크스페이스', 'orgch.outside': '외부', 'orgch.rules': '규칙', 'orgch.limited': '쓰기 제한', 'orgch.kept': '그룹 {n}개 전용', 'orgch.none': '맞는 채널이 없습니다', 'orgch.none.body': '검색어나 조건을 바꿔 보세요.', 'orgch.more': '채널 관리: {name}',
    'orgch.new': '채널 만들기', 'orgch.new.where': '어디에 만들까요?', 'orgch.purpose': '목적', 'orgch.is.private': '비공개', 'orgch.made': '#{name} 채널을 만들었습니다',
    'orgch.rename': '이름 바꾸기', 'orgch.archive': '보관', 'orgch.unarchive': '보관 해제', 'orgch.toprivate': '비공개로 바꾸기', 'orgch.topublic': '공개로 바꾸기', 'orgch.reach': '워크스페이스 바꾸기', 'orgch.delete': '삭제', 'orgch.move': '옮기기', 'orgch.moveto': '어느 워크스페이스로 옮길까요?', 'orgch.standing': '새로 온 사람', 'orgch.done': '바꿨습니다',
    'orgch.standing.none': '스스로 들어옵니다', 'orgch.standing.default': '자동으로 들어옵니다', 'orgch.standing.mandatory': '모두 들어와 있고 나갈 수 없습니다',
    'orgch.reach.whole': '조직 전체', 'orgch.reach.body': '빠지는 워크스페이스에서는 이 채널이 보이지 않습니다. 채널 ID와 지난 대화는 그대로입니다.', 'orgch.save': '저장', 'orgch.cancel': '취소', 'orgch.one': '워크스페이스를 하나 이상 고르세요.',
    'orgch.private.ask': '#{name} 채널을 비공개로 바꿀까요?', 'orgch.private.body': '지금 들어와 있는 사람만 보게 됩니다.', 'orgch.public.ask': '#{name} 채널을 공개로 바꿀까요?', 'orgch.public.body': '지난 대화까지 그 워크스페이스의 모두가 볼 수 있습니다.',
    'orgch.delete.ask': '#{name} 채널을 삭제할까요?', 'orgch.delete.body': '지난 대화까지 모두 사라지고 되돌릴 수 없습니다.', 'orgch.bulk.archive.ask': '채널 {n}개를 보관할까요?', 'orgch.bulk.delete.ask': '채널 {n}개를 삭제할까요?', 'orgch.bulk.archive.body': '지난 대화는 읽을 수 있습니다.', 'orgch.bulk.archive': '보관하는 중', 'orgch.bulk.delete': '삭제하는 중', 'orgch.bulk.move': '옮기는 중', 'orgch.bulk.done': '{n}개를 마쳤습니다', 'orgch.bulk.failed': '{n}개는 하지 못했습니다: {why}',
    'orgch.noright': '조직을 맡은 사람만 볼 수 있습니다', 'orgch.noright.body': '조직의 소유자나 관리자에게 물어보세요.',
  },
  en: {
    'ch.silent.restricted_action_read_only_channel': 'This channel can only be read. Certain people write in it.', 'ch.silent.restricted_action_thread_only_channel': 'Only certain people begin here. You can answer in threads.',
    'ch.silent.restricted_action_non_threadable_channel': 'You cannot answer in this channel’s threads.', 'ch.silent.information_barrier': 'An information barrier makes this conversation read-only.',
    'ch.prefs': 'Writing rules', 'ch.prefs.of': 'Writing rules of {name}', 'ch.prefs.post': 'Who begins', 'ch.prefs.thread': 'Who answers in threads', 'ch.prefs.also': 'Who else may write', 'ch.prefs.also.add': 'Add a person', 'ch.prefs.also.hint': 'Apps and automations write only where they are named, too.',
    'ch.prefs.everyone': 'Everyone', 'ch.prefs.ra': 'Everyone but guests', 'ch.prefs.admin': 'Workspace admins', 'ch.prefs.owner': 'Workspace owners', 'ch.prefs.org_admin': 'Organisation admins', 'ch.prefs.named': 'Only the people below',
    'ch.prefs.mentions': 'Using @here and @channel', 'ch.prefs.limit': 'Most members', 'ch.prefs.limit.hint': '0 means no limit', 'ch.prefs.saved': 'The writing rules were changed', 'ch.prefs.remove': 'Remove {name}', 'ch.prefs.unknown': 'Somebody unknown',
    'ch.reach.several': 'Several workspaces', 'ch.reach.whole': 'Whole organisation', 'ch.reach.in': 'Used in: {names}', 'ch.standing.default': 'Default channel', 'ch.standing.mandatory': 'Mandatory channel',
    'orgch.title': 'Organisation channels', 'orgch.find': 'Find by name or purpose', 'orgch.workspace': 'Workspace', 'orgch.all': 'All workspaces', 'orgch.kind': 'Kind', 'orgch.any': 'All kinds', 'orgch.public': 'Public', 'orgch.private': 'Private', 'orgch.archived': 'Archived', 'orgch.org_shared': 'Several workspaces', 'orgch.org_wide': 'Whole organisation', 'orgch.external_shared': 'Shared outside',
    'orgch.name': 'Name', 'orgch.members': 'Members', 'orgch.active': 'Last activity', 'orgch.where': 'Workspaces', 'orgch.outside': 'Outside', 'orgch.rules': 'Rules', 'orgch.limited': 'Writing limited', 'orgch.kept': 'For {n} {n|group|groups}', 'orgch.none': 'No channel fits', 'orgch.none.body': 'Try other words or filters.', 'orgch.more': 'Look after {name}',
    'orgch.new': 'Create a channel', 'orgch.new.where': 'Where?', 'orgch.purpose': 'Purpose', 'orgch.is.private': 'Private', 'orgch.made': '#{name} was created',
    'orgch.rename': 'Rename', 'orgch.archive': 'Archive', 'orgch.unarchive': 'Unarchive', 'orgch.toprivate': 'Make private', 'orgch.topublic': 'Make public', 'orgch.reach': 'Change workspaces', 'orgch.delete': 'Delete', 'orgch.move': 'Move', 'orgch.moveto': 'To which workspace?', 'orgch.standing': 'Newcomers', 'orgch.done': 'Changed',
    'orgch.standing.none': 'Come in by themselves', 'orgch.standing.default': 'Are brought in', 'orgch.standing.mandatory': 'Everybody is in it and nobody leaves',
    'orgch.reach.whole': 'Whole organisation', 'orgch.reach.body': 'A workspace that leaves no longer sees the channel. Its id and what was said stay.', 'orgch.save': 'Save', 'orgch.cancel': 'Cancel', 'orgch.one': 'Choose at least one workspace.',
    'orgch.private.ask': 'Make #{name} private?', 'orgch.private.body': 'Only those who are in it now will see it.', 'orgch.public.ask': 'Make #{name} public?', 'orgch.public.body': 'Everybody of its workspaces can read it, what was said before included.',
    'orgch.delete.ask': 'Delete #{name}?', 'orgch.delete.body': 'Everything said in it is gone and cannot be brought back.', 'orgch.bulk.archive.ask': 'Archive {n} {n|channel|channels}?', 'orgch.bulk.delete.ask': 'Delete {n} {n|channel|channels}?', 'orgch.bulk.archive.body': 'What was said stays readable.', 'orgch.bulk.archive': 'Archiving', 'orgch.bulk.delete': 'Deleting', 'orgch.bulk.move': 'Moving', 'orgch.bulk.done': '{n} {n|channel|channels} done', 'orgch.bulk.failed': '{n} could not be done: {why}',
    'orgch.noright': 'Only for who looks after the organisation', 'orgch.noright.body': 'Ask an owner or administrator of the organisation.',
  },
});
