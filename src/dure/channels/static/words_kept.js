// What pins, bookmarks, later messages and earlier versions say, in both languages.
import { words } from '../web/kit.js';

words({
  ko: {
    'ch.kept.pins': '고정된 메시지', 'ch.kept.pin': '채널에 고정', 'ch.kept.unpin': '고정 해제', 'ch.kept.by': '{name} 님이 고정함', 'ch.kept.jump': '메시지로 이동', 'ch.kept.none': '고정된 메시지가 없습니다', 'ch.kept.none.body': '모두가 찾을 메시지를 메뉴에서 고정해 두세요.',
    'ch.kept.pinned': '고정했습니다', 'ch.kept.unpinned': '고정을 해제했습니다', 'ch.kept.bookmarks': '북마크', 'ch.kept.add': '북마크 추가', 'ch.kept.change': '북마크 수정', 'ch.kept.title': '이름', 'ch.kept.link': '링크', 'ch.kept.emoji': '이모지', 'ch.kept.emoji.hint': ':memo: 처럼 씁니다', 'ch.kept.link.hint': 'https:// 로 시작합니다', 'ch.kept.save': '저장', 'ch.kept.close': '닫기', 'ch.kept.nobookmarks': '모두가 자주 찾는 링크를 여기에 두세요.',
    'ch.later': '나중에 보내기', 'ch.later.hour': '1시간 뒤', 'ch.later.tomorrow': '내일 오전 9시', 'ch.later.monday': '월요일 오전 9시', 'ch.later.other': '시간 정하기…', 'ch.later.when': '언제 보낼까요?', 'ch.later.day': '날짜', 'ch.later.time': '시각', 'ch.later.go': '예약', 'ch.later.done': '{when}에 보냅니다', 'ch.later.empty': '먼저 메시지를 쓰세요', 'ch.later.list': '예약된 메시지', 'ch.later.none': '예약된 메시지가 없습니다', 'ch.later.none.body': '보내기 옆의 시계로 나중에 보낼 메시지를 예약합니다.', 'ch.later.move': '시간 바꾸기', 'ch.later.drop': '예약 취소', 'ch.later.dropped': '예약을 취소했습니다', 'ch.later.failed': '보내지 못했습니다', 'ch.later.thread': '스레드',
    'ch.later.why.is_archived': '채널이 보관되었습니다', 'ch.later.why.not_in_channel': '채널에 참여하고 있지 않습니다', 'ch.later.why.channel_not_found': '채널을 볼 수 없습니다', 'ch.later.why.thread_not_found': '스레드가 삭제되었습니다',
    'ch.edits': '수정 기록', 'ch.edits.now': '지금', 'ch.edits.until': '{when}까지', 'ch.edits.see': '수정 기록 보기', 'ch.edits.none': '남아 있는 이전 내용이 없습니다', 'ch.edits.blank': '글이 없는 내용',
  },
  en: {
    'ch.kept.pins': 'Pinned messages', 'ch.kept.pin': 'Pin to channel', 'ch.kept.unpin': 'Unpin', 'ch.kept.by': 'Pinned by {name}', 'ch.kept.jump': 'Go to message', 'ch.kept.none': 'Nothing is pinned', 'ch.kept.none.body': 'Pin what everybody looks for, from a message’s menu.',
    'ch.kept.pinned': 'Pinned', 'ch.kept.unpinned': 'Unpinned', 'ch.kept.bookmarks': 'Bookmarks', 'ch.kept.add': 'Add bookmark', 'ch.kept.change': 'Edit bookmark', 'ch.kept.title': 'Name', 'ch.kept.link': 'Link', 'ch.kept.emoji': 'Emoji', 'ch.kept.emoji.hint': 'Written as :memo:', 'ch.kept.link.hint': 'Begins with https://', 'ch.kept.save': 'Save', 'ch.kept.close': 'Close', 'ch.kept.nobookmarks': 'Keep the links here that everybody needs.',
    'ch.later': 'Send later', 'ch.later.hour': 'In one hour', 'ch.later.tomorrow': 'Tomorrow at 9:00', 'ch.later.monday': 'Monday at 9:00', 'ch.later.other': 'Choose a time…', 'ch.later.when': 'When should it be sent?', 'ch.later.day': 'Day', 'ch.later.time': 'Time', 'ch.later.go': 'Schedule', 'ch.later.done': 'Will be sent {when}', 'ch.later.empty': 'Write a message first', 'ch.later.list': 'Scheduled messages', 'ch.later.none': 'Nothing is scheduled', 'ch.later.none.body': 'The clock beside the send button keeps a message for later.', 'ch.later.move': 'Change the time', 'ch.later.drop': 'Cancel', 'ch.later.dropped': 'Cancelled', 'ch.later.failed': 'Not sent', 'ch.later.thread': 'Thread',
    'ch.later.why.is_archived': 'The channel is archived', 'ch.later.why.not_in_channel': 'You are not in the channel', 'ch.later.why.channel_not_found': 'You cannot see the channel', 'ch.later.why.thread_not_found': 'The thread was deleted',
    'ch.edits': 'Edit history', 'ch.edits.now': 'Now', 'ch.edits.until': 'Until {when}', 'ch.edits.see': 'See the edit history', 'ch.edits.none': 'No earlier version is kept', 'ch.edits.blank': 'Content without text',
  },
});
