// Words of partners on other servers: what goes wrong with them, and offering them a channel.
import { words } from '../web/kit.js';

// Why nothing reaches a partner; a refused pairing is told by the same words.
const WHY = {
  ko: {
    unknown_host: '주소를 찾을 수 없습니다. 서버 이름이 바뀌었거나 잘못 적혔을 수 있습니다.', unreachable: '상대 서버에 연결할 수 없습니다. 꺼져 있거나 길이 막혀 있습니다.', silent: '상대 서버가 제때 답하지 않습니다.',
    certificate: '상대 서버의 인증서를 믿을 수 없습니다. 기한이나 이름을 확인해 달라고 하세요.', forbidden: '이 주소는 사설망에 있어 보내지 않습니다. 서버 관리자가 허용해야 합니다.', key_missing: '이 서버의 키가 데이터 폴더에 없습니다. 파트너를 끝내고 새로 맺으세요.',
    clock: '두 서버의 시계가 5분 넘게 다릅니다. 시계를 맞추면 저절로 이어집니다.', signature: '상대가 이 서버의 키를 모릅니다. 키가 바뀌었다면 파트너를 끝내고 새로 맺으세요.', not_confirmed: '상대 쪽에서 아직 지문을 확인하지 않았습니다.', ended: '상대가 파트너 관계를 끝냈습니다.',
    address: '상대 서버가 스스로를 다른 주소로 부릅니다. 그쪽이 알려 준 주소를 쓰세요.', version: '상대 서버의 Dure가 너무 오래되었거나 새것이라 서로 통하지 않습니다. 양쪽을 같은 판으로 올리세요.', busy: '상대 서버가 바쁩니다. 잠시 뒤 다시 보냅니다.', broken: '상대 서버에 문제가 생겼습니다. 상대 관리자에게 알리세요.',
    answer: '상대가 알아들을 수 없는 답을 했습니다. Dure 서버가 맞는지 확인하세요.', gap: '상대가 아직 받지 못한 것이 이 서버에 남아 있지 않습니다.', refused: '상대 서버가 받지 않았습니다.',
  },
  en: {
    unknown_host: 'The address is not known. The server’s name may have changed, or is written wrong.', unreachable: 'Their server cannot be reached. It is off, or the way there is closed.', silent: 'Their server does not answer in time.',
    certificate: 'Their server’s certificate cannot be trusted. Ask them to look at its date and name.', forbidden: 'The address is in a private network, where nothing is sent unless this server’s administrator allows it.', key_missing: 'This server’s key is not in its data folder. End the partnership and make it anew.',
    clock: 'The clocks of the two servers differ by more than five minutes. Once they agree it goes on by itself.', signature: 'They do not know this server’s key. If it was changed, end the partnership and make it anew.', not_confirmed: 'The other side has not confirmed the fingerprint yet.', ended: 'They ended the partnership.',
    address: 'Their server calls itself by another address. Use the one that it shows.', version: 'Their Dure is too old or too new for this one. Bring both to the same version.', busy: 'Their server is busy. It is sent again in a moment.', broken: 'Something went wrong on their server. Tell its administrator.',
    answer: 'What they answered cannot be understood. Is it a Dure server?', gap: 'They lack something that is no longer on this server.', refused: 'Their server did not take it.',
  },
};
const named = (prefix, all) => Object.fromEntries(Object.entries(all).map(([word, text]) => [prefix + word, text]));

words({
  ko: {
    ...named('fed.why.', WHY.ko), ...named('error.partner_', WHY.ko),
    'error.code_not_known': '이 코드를 모릅니다. 이미 썼거나 시간이 지났을 수 있으니 새 코드를 받으세요.', 'error.wrong_address': '서버의 주소가 아닙니다. 상대 서버에 보이는 주소를 https://부터 그대로 적으세요.', 'error.already_partners': '이미 파트너입니다.', 'error.service_unavailable': '상대 회사의 서버가 답하지 않습니다. 잠시 뒤 다시 해 보세요.',
    'error.link_not_known': '이 서버가 모르는 링크이거나 초대가 끝났습니다.', 'error.email_does_not_match': '이 초대는 다른 이메일로 보낸 것입니다.', 'error.partnership_ended': '이 서버와의 파트너 관계가 끝났습니다.',
    'fed.detail': '자세히', 'fed.restored.we': '이 서버가 옛 백업으로 되돌아간 것을 {ago} 알게 되었습니다. 그 사이 우리 쪽 사람이 함께 쓰는 채널에 쓴 것은 여기에 없을 수 있습니다. 상대의 것은 다시 받습니다.', 'fed.restored.they': '상대 서버가 옛 백업으로 되돌아간 것을 {ago} 알게 되었습니다. 우리 채널의 내용은 다시 보냈습니다. 그쪽 채널에 쓴 것은 그쪽에 없을 수 있습니다.',
    'fed.offer': '채널 초대', 'fed.offer.title': '{name}에 채널 초대', 'fed.offer.pick': '어느 파트너에게', 'fed.offer.channel': '채널', 'fed.offer.none': '내가 들어 있고 우리 조직이 호스트인 채널이 없습니다', 'fed.offer.email': '상대의 이메일', 'fed.offer.email.hint': '비워 두면 링크만 만듭니다. 적으면 그 사람만 수락할 수 있습니다.', 'fed.offer.go': '링크 만들기',
    'fed.link.title': '초대 링크', 'fed.link.body': '상대는 자기 회사의 서버에서 이 링크를 열고 수락합니다. 링크는 다시 보이지 않습니다.', 'fed.link.copy': '링크 복사', 'fed.link.copied': '링크를 복사했습니다', 'fed.link.letter': '{email}로 이 링크를 보냅니다.', 'fed.link.noletter': '이 서버는 편지를 보내지 않으니 링크를 직접 전해 주세요.', 'fed.link.requested': '관리자가 승인한 다음에 링크가 열립니다.',
    'inv.title': '채널 초대', 'inv.from': '{org}의 {name} 님이 초대했습니다', 'inv.limited': '우리 조직은 쓰기만 할 수 있습니다', 'inv.until': '{when}까지', 'inv.name': '여기서 부를 이름', 'inv.accept': '수락', 'inv.no': '거절', 'inv.waits': '수락했습니다. 관리자의 승인을 기다립니다', 'inv.declined': '초대를 거절했습니다', 'inv.over': '이 초대는 이미 답했거나 끝났습니다', 'inv.accepted': '이미 수락했습니다. 승인을 기다리고 있습니다', 'inv.connected': '이미 함께 쓰는 채널입니다', 'inv.open': '채널 열기', 'inv.connections': '외부 연결 보기',
  },
  en: {
    ...named('fed.why.', WHY.en), ...named('error.partner_', WHY.en),
    'error.code_not_known': 'This code is not known. It was used or its time is over; ask for a new one.', 'error.wrong_address': 'This is not the server’s address. Enter the one that the other server shows, from https:// on.', 'error.already_partners': 'You are partners already.', 'error.service_unavailable': 'The other company’s server does not answer. Try again in a moment.',
    'error.link_not_known': 'This link is not known here, or its invitation is over.', 'error.email_does_not_match': 'This invitation went to another e-mail.', 'error.partnership_ended': 'The partnership with that server was ended.',
    'fed.detail': 'Details', 'fed.restored.we': 'It was noticed {ago} that this server stands on an older backup. What our people wrote meanwhile in shared channels may be missing here. What was theirs comes again.', 'fed.restored.they': 'It was noticed {ago} that their server stands on an older backup. What our channels hold was sent again. What was written in theirs may be missing there.',
    'fed.offer': 'Offer a channel', 'fed.offer.title': 'Offer a channel to {name}', 'fed.offer.pick': 'To which partner', 'fed.offer.channel': 'Channel', 'fed.offer.none': 'There is no channel that you are in and your organisation is the host of', 'fed.offer.email': 'Their e-mail', 'fed.offer.email.hint': 'Without one there is a link only. With one nobody else can accept.', 'fed.offer.go': 'Make a link',
    'fed.link.title': 'A link to the invitation', 'fed.link.body': 'They open it on their own company’s server and accept there. It is shown only now.', 'fed.link.copy': 'Copy the link', 'fed.link.copied': 'The link was copied', 'fed.link.letter': 'It goes to {email} by e-mail.', 'fed.link.noletter': 'This server sends no e-mail; give them the link yourself.', 'fed.link.requested': 'It opens once an administrator of yours has let it go.',
    'inv.title': 'Channel invitation', 'inv.from': '{name} of {org} invites you', 'inv.limited': 'Your organisation may write only', 'inv.until': 'until {when}', 'inv.name': 'What it is called here', 'inv.accept': 'Accept', 'inv.no': 'Decline', 'inv.waits': 'Accepted. It waits for an administrator’s approval', 'inv.declined': 'The invitation was declined', 'inv.over': 'This invitation was answered already, or is over', 'inv.accepted': 'It was accepted, and waits for approval', 'inv.connected': 'You share this channel already', 'inv.open': 'Open the channel', 'inv.connections': 'See connections',
  },
});
