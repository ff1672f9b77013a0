// Words of sharing with other organisations.
import { words } from '../web/kit.js';

words({
  ko: {
    'cn.title': '외부 연결', 'cn.none': '아직 연결된 조직이 없습니다', 'cn.none.body': '채널의 정보 창에서 다른 조직을 초대하면 여기에 보입니다.',
    'cn.inbox': '받은 초대', 'cn.sent': '보낸 초대', 'cn.requests': '보내기 전 승인 요청', 'cn.orgs': '연결된 조직', 'cn.orgs.n': '조직 {n}곳',
    'cn.org': '조직', 'cn.channel': '채널', 'cn.rights': '권한', 'cn.people': '상대 {n}명 · 우리 {own}명', 'cn.who': '사람', 'cn.since': '연결한 날', 'cn.host': '호스트', 'cn.host.us': '우리', 'cn.hidden': '비공개 채널',
    'cn.full': '쓰기와 초대', 'cn.limited': '쓰기만', 'cn.to.limited': '쓰기만 허용', 'cn.to.full': '초대도 허용', 'cn.rights.done': '권한을 바꿨습니다',
    'cn.from': '{org}에서 보낸 초대', 'cn.to': '{org}에 보낸 초대', 'cn.by': '{name} 님이 {org}(을/를) 초대하려고 합니다', 'cn.until': '{when}까지', 'cn.state.sent': '수락 대기', 'cn.state.accepted': '승인 대기',
    'cn.allow': '보내기 승인', 'cn.deny': '거절', 'cn.allowed': '초대를 보냈습니다', 'cn.denied': '요청을 거절했습니다', 'cn.back': '거두기', 'cn.backed': '초대를 거두었습니다', 'cn.asked': '요청 보냄', 'cn.request.sent': '관리자에게 승인을 요청했습니다', 'cn.waits': '수락했습니다. 관리자의 승인을 기다립니다',
    'cn.cut': '연결 끊기', 'cn.cut.all': '모두 끊기', 'cn.cut.title': '{org}(과/와) 연결을 끊을까요?', 'cn.cut.done': '연결을 끊었습니다',
    'cn.cut.host': '이 채널은 우리 조직이 계속 씁니다. 지금까지의 메시지는 남습니다.', 'cn.cut.full': '{org}(은/는) 지금까지의 대화를 보관된 사본으로 가집니다. 그 뒤의 대화는 보지 못합니다.', 'cn.cut.limited': '{org}(은/는) 쓰기만 할 수 있었으므로 아무것도 가지지 않습니다.',
    'cn.cut.we.full': '우리는 지금까지의 대화를 보관된 사본으로 가집니다. 그 뒤의 대화는 보지 못합니다.', 'cn.cut.we.limited': '우리는 쓰기만 할 수 있었으므로 이 채널이 통째로 사라집니다.', 'cn.cut.files': '서로의 파일은 곧바로 열리지 않고, 공개 주소도 끝납니다.', 'cn.cut.n': '채널 {n}개가 한꺼번에 끊깁니다.',
    'cn.accept': '초대 수락', 'cn.accept.body': '{org}의 사람들과 이 채널에서 함께 이야기합니다. 상대는 여기에 있는 사람의 이름과 직책, 채널의 메시지와 파일을 봅니다.', 'cn.accept.name': '우리 조직에서 부를 이름', 'cn.accept.name.hint': '상대에게는 보이지 않고, 나중에 바꿀 수 있습니다', 'cn.name.own': '우리 조직에서만 이렇게 부릅니다. 상대는 자기 이름을 그대로 씁니다', 'cn.share.email': '상대의 이메일이나 워크스페이스 이름', 'cn.share.email.hint': '이메일은 이 서버의 다른 조직에 자리가 있는 사람이어야 합니다', 'cn.share.limited': '쓰기만 허용', 'cn.share.limited.hint': '사람을 데려오거나 앱을 쓸 수 없습니다. 연결이 끝나면 사본이 남지 않습니다',
    'cn.transfer': '호스트 넘기기', 'cn.transfer.ask': '{org}(을/를) 이 채널의 호스트로 만들까요? 그쪽이 수락하면 우리는 참여하는 쪽이 되고, 연결을 끊을 권한도 그쪽으로 갑니다.', 'cn.transfer.asked': '{org}의 답을 기다리고 있습니다', 'cn.transfer.stop': '거두기', 'cn.transfer.take': '호스트 맡기', 'cn.transfer.offer': '{org}에서 우리를 이 채널의 호스트로 초대했습니다', 'cn.transfer.no': '거절', 'cn.transfer.done': '이제 우리가 호스트입니다', 'cn.transfer.sent': '상대에게 물었습니다',
    'cn.only': '우리 조직은 여기에 쓰기만 할 수 있습니다. 사람을 데려오거나 앱을 쓸 수는 없습니다.', 'cn.copy': '{org}(과/와) 함께 쓰던 채널의 보관된 사본입니다. 다른 조직의 파일은 열리지 않습니다.', 'cn.parted': '이 채널의 연결이 끊어졌습니다', 'cn.parted.body': '지금까지 나눈 대화는 보관된 사본에 남아 있습니다.', 'cn.parted.open': '사본 열기', 'cn.closed': '연결을 볼 권한이 없습니다', 'cn.retention': '각자의 이름과 공개 여부, 보관은 조직마다 따로입니다.',
  },
  en: {
    'cn.title': 'Connections', 'cn.none': 'No organisations are connected yet', 'cn.none.body': 'Invite one from a channel’s details, and it shows here.',
    'cn.inbox': 'Invitations to you', 'cn.sent': 'Invitations sent', 'cn.requests': 'Waiting for leave to be sent', 'cn.orgs': 'Organisations', 'cn.orgs.n': '{n} {n|organisation|organisations}',
    'cn.org': 'Organisation', 'cn.channel': 'Channel', 'cn.rights': 'Rights', 'cn.people': '{n} of them · {own} of us', 'cn.who': 'People', 'cn.since': 'Since', 'cn.host': 'Host', 'cn.host.us': 'We', 'cn.hidden': 'Private channel',
    'cn.full': 'Write and invite', 'cn.limited': 'Write only', 'cn.to.limited': 'Let them write only', 'cn.to.full': 'Let them invite', 'cn.rights.done': 'The rights were changed',
    'cn.from': 'offered by {org}', 'cn.to': 'offered to {org}', 'cn.by': '{name} would like to invite {org}', 'cn.until': 'until {when}', 'cn.state.sent': 'Not answered', 'cn.state.accepted': 'Waits for approval',
    'cn.allow': 'Let it be sent', 'cn.deny': 'Turn down', 'cn.allowed': 'The invitation was sent', 'cn.denied': 'The request was turned down', 'cn.back': 'Take back', 'cn.backed': 'The invitation was taken back', 'cn.asked': 'Asked', 'cn.request.sent': 'An administrator was asked for approval', 'cn.waits': 'Accepted. It waits for an administrator’s approval',
    'cn.cut': 'Disconnect', 'cn.cut.all': 'Disconnect all', 'cn.cut.title': 'Disconnect from {org}?', 'cn.cut.done': 'Disconnected',
    'cn.cut.host': 'Your organisation goes on using this channel. What was said so far stays.', 'cn.cut.full': '{org} keeps an archived copy of what was said so far, and sees nothing of what comes after.', 'cn.cut.limited': '{org} could only write, so it keeps nothing.',
    'cn.cut.we.full': 'You keep an archived copy of what was said so far, and see nothing of what comes after.', 'cn.cut.we.limited': 'You could only write here, so the channel is gone for you.', 'cn.cut.files': 'Each other’s files stop opening at once, and their public addresses end.', 'cn.cut.n': '{n} {n|channel is|channels are} disconnected at once.',
    'cn.accept': 'Accept the invitation', 'cn.accept.body': 'You talk with people of {org} in this channel. They see the names and titles of those who are in it, its messages and its files.', 'cn.accept.name': 'What you call it', 'cn.accept.name.hint': 'They do not see it, and you may change it later', 'cn.name.own': 'Only your organisation calls it this; the others keep their own name', 'cn.share.email': 'Their e-mail, or their workspace’s name', 'cn.share.email.hint': 'The e-mail of somebody with a seat in another organisation on this server', 'cn.share.limited': 'Let them write only', 'cn.share.limited.hint': 'They cannot bring people in or use apps, and keep no copy when it ends',
    'cn.transfer': 'Hand over as host', 'cn.transfer.ask': 'Make {org} the host of this channel? Once they accept you are a side that takes part, and who is disconnected is theirs to say.', 'cn.transfer.asked': 'Waits for the answer of {org}', 'cn.transfer.stop': 'Take back', 'cn.transfer.take': 'Become host', 'cn.transfer.offer': '{org} asks you to become this channel’s host', 'cn.transfer.no': 'No', 'cn.transfer.done': 'You are the host now', 'cn.transfer.sent': 'They were asked',
    'cn.only': 'Your organisation may only write here: no inviting people, no apps.', 'cn.copy': 'An archived copy of a channel that was shared with {org}. The other organisation’s files do not open.', 'cn.parted': 'This channel is connected no more', 'cn.parted.body': 'What was said so far is in an archived copy of yours.', 'cn.parted.open': 'Open the copy', 'cn.closed': 'You may not see connections', 'cn.retention': 'Each organisation has its own name for it, its own privacy and its own retention.',
  },
});
