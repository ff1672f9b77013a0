// What blocks, modals and commands say, in both languages.
import { words } from '../web/kit.js';

words({
  ko: {
    'ch.day.yesterday': '어제', 'ch.day.today': '오늘', 'ch.day.tomorrow': '내일', 'ch.sure': '계속할까요?',
    'ch.app.silent': '{app} 앱이 제때 응답하지 않았습니다. 잠시 뒤 다시 해 보세요.', 'ch.app.wrong': '{app} 앱이 보여 줄 수 없는 답을 보냈습니다.', 'ch.app.gone': '메시지가 바뀌어 이 항목이 없습니다. 새로 고침해 보세요.', 'ch.app.none': '이 메시지 뒤에 앱이 없습니다.', 'ch.ask.done': '다른 사람이 먼저 답했습니다.', 'ch.ask.others': '여기에는 다른 사람이 답합니다.', 'ch.ask.note': '메모에 까닭을 써 주세요.',
    'ch.cmd.unknown': '그런 명령은 없습니다. /를 입력하면 쓸 수 있는 명령이 보입니다.', 'ch.cmd.whom': '@이름으로 누구인지 써 주세요.', 'ch.pick.asking': '앱에 묻는 중…', 'ch.pick.none': '맞는 것이 없습니다', 'ch.pick.type': '{n}자 이상 입력하세요', 'ch.pick.filter': '찾기', 'ch.pick.clear': '지우기',
    'ch.el.people': '사람 선택', 'ch.el.rooms': '대화 선택', 'ch.el.when': '날짜와 시간', 'ch.el.files.off': '여기서는 파일을 붙일 수 없습니다', 'ch.optional': '선택 사항', 'ch.file': '파일', 'ch.file.gone': '파일을 볼 수 없습니다', 'ch.video': '동영상', 'ch.table': '표', 'ch.unknown.block': '보여 줄 수 없는 블록입니다',
    'ch.must': '입력해 주세요.', 'ch.must.min': '{n}자 이상 써 주세요.', 'ch.must.email': '이메일 주소가 아닙니다.', 'ch.must.url': 'http:// 또는 https://로 시작하는 주소여야 합니다.', 'ch.must.number': '숫자여야 합니다.', 'ch.must.whole': '소수점 없는 숫자여야 합니다.', 'ch.must.least': '{n} 이상이어야 합니다.', 'ch.must.most': '{n} 이하여야 합니다.',
    'ch.modal.close': '닫기', 'ch.modal.all': '모두 닫기', 'ch.modal.of': '{app} 앱', 'ch.modal.sent': '보내는 중…', 'ch.modal.gone': '앱이 이 창을 닫았습니다.',
    'ch.home': '홈', 'ch.home.messages': '메시지', 'ch.home.none': '아직 보여 줄 것이 없습니다', 'ch.home.none.body': '{app} 앱이 이 화면을 만들면 여기에 나타납니다.', 'ch.shortcuts': '단축 작업',
    'ch.c.archive': '이 채널 보관하기', 'ch.c.dm': '다이렉트 메시지 보내기', 'ch.c.dm.u': '@이름 할 말', 'ch.c.invite': '채널에 초대하기', 'ch.c.invite.u': '@이름', 'ch.c.leave': '채널 나가기', 'ch.c.me': '행동으로 말하기', 'ch.c.me.u': '할 말', 'ch.c.purpose': '채널 목적 바꾸기', 'ch.c.purpose.u': '목적', 'ch.c.remove': '채널에서 내보내기', 'ch.c.remove.u': '@이름', 'ch.c.rename': '채널 이름 바꾸기', 'ch.c.rename.u': '새 이름', 'ch.c.shrug': '말끝에 ¯\\_(ツ)_/¯ 붙이기', 'ch.c.shrug.u': '할 말', 'ch.c.topic': '채널 주제 바꾸기', 'ch.c.topic.u': '주제',
  },
  en: {
    'ch.day.yesterday': 'yesterday', 'ch.day.today': 'today', 'ch.day.tomorrow': 'tomorrow', 'ch.sure': 'Are you sure?',
    'ch.app.silent': '{app} did not answer in time. Try again in a moment.', 'ch.app.wrong': '{app} sent an answer that cannot be shown.', 'ch.app.gone': 'The message has changed and this is no longer in it. Reload the page.', 'ch.app.none': 'There is no app behind this message.', 'ch.ask.done': 'Somebody answered this before you.', 'ch.ask.others': 'Others are asked here.', 'ch.ask.note': 'Say why, in the note.',
    'ch.cmd.unknown': 'There is no such command. Type / to see those you can use.', 'ch.cmd.whom': 'Name somebody, such as @mina.', 'ch.pick.asking': 'Asking the app…', 'ch.pick.none': 'Nothing fits', 'ch.pick.type': 'Type at least {n} {n|character|characters}', 'ch.pick.filter': 'Find', 'ch.pick.clear': 'Clear',
    'ch.el.people': 'Choose somebody', 'ch.el.rooms': 'Choose a conversation', 'ch.el.when': 'Date and time', 'ch.el.files.off': 'Files cannot be attached here', 'ch.optional': 'optional', 'ch.file': 'File', 'ch.file.gone': 'The file cannot be shown', 'ch.video': 'Video', 'ch.table': 'Table', 'ch.unknown.block': 'This block cannot be shown',
    'ch.must': 'Please fill this in.', 'ch.must.min': 'Write at least {n} {n|character|characters}.', 'ch.must.email': 'This is not an e-mail address.', 'ch.must.url': 'An address begins with http:// or https://.', 'ch.must.number': 'This is not a number.', 'ch.must.whole': 'This is not a whole number.', 'ch.must.least': 'It must be at least {n}.', 'ch.must.most': 'It must be at most {n}.',
    'ch.modal.close': 'Close', 'ch.modal.all': 'Close all', 'ch.modal.of': 'App {app}', 'ch.modal.sent': 'Sending…', 'ch.modal.gone': 'The app has closed this.',
    'ch.home': 'Home', 'ch.home.messages': 'Messages', 'ch.home.none': 'Nothing to show yet', 'ch.home.none.body': 'What {app} makes for you appears here.', 'ch.shortcuts': 'Shortcuts',
    'ch.c.archive': 'Archive this channel', 'ch.c.dm': 'Send a direct message', 'ch.c.dm.u': '@name text', 'ch.c.invite': 'Invite people to the channel', 'ch.c.invite.u': '@name', 'ch.c.leave': 'Leave the channel', 'ch.c.me': 'Say what you do', 'ch.c.me.u': 'text', 'ch.c.purpose': 'Change the channel’s purpose', 'ch.c.purpose.u': 'purpose', 'ch.c.remove': 'Remove somebody from the channel', 'ch.c.remove.u': '@name', 'ch.c.rename': 'Rename the channel', 'ch.c.rename.u': 'new name', 'ch.c.shrug': 'Add ¯\\_(ツ)_/¯ to your message', 'ch.c.shrug.u': 'text', 'ch.c.topic': 'Change the channel’s topic', 'ch.c.topic.u': 'topic',
  },
});
