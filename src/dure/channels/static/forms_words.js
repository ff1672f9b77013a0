// What the screens of forms say, in both languages.
import { words } from '../web/kit.js';

words({
  ko: {
    'forms.title': '양식', 'forms.new': '양식 만들기', 'forms.none': '아직 양식이 없습니다', 'forms.none.body': '양식을 만들어 주소를 나누거나, 자동화가 채널에서 묻게 하세요. 답하면 자동화가 시작됩니다.',
    'forms.name': '이름', 'forms.address': '주소', 'forms.address.hint': '영문, 숫자, -와 _. 나중에 바꿀 수 없습니다.', 'forms.answers': '답', 'forms.fields': '항목', 'forms.changed': '바뀐 때', 'forms.closed': '닫힘', 'forms.open': '받는 중',
    'forms.fill': '답하기', 'forms.edit': '고치기', 'forms.send': '보내기', 'forms.sent': '보냈습니다', 'forms.again': '하나 더 보내기', 'forms.sent.body': '답이 기록되었고, 이 양식으로 시작하는 자동화가 이어받습니다.',
    'forms.kept': '답은 워크스페이스 사람이 볼 수 있습니다.', 'forms.is.closed': '이 양식은 더는 답을 받지 않습니다.', 'forms.file': '파일을 받는 양식은 채널의 카드에서 답합니다. 자동화의 채널에서 양식으로 묻기 단계에 이 양식을 쓰세요.',
    'forms.close': '닫기', 'forms.reopen': '다시 열기', 'forms.did.close': '닫았습니다', 'forms.did.open': '다시 열었습니다', 'forms.copy': '주소 복사', 'forms.copied': '주소를 복사했습니다', 'forms.saved': '저장했습니다',
    'forms.by': '답한 사람', 'forms.at': '때', 'forms.answers.none': '아직 답이 없습니다', 'forms.answers.body': '주소를 나누면 답이 여기에 모입니다.', 'forms.more': '더 보기',
    'forms.field': '항목', 'forms.field.new': '항목 더하기', 'forms.field.edit': '항목 고치기', 'forms.field.title': '질문', 'forms.field.title.en': '영어로', 'forms.field.name': '값의 이름', 'forms.field.name.hint': '자동화에서 쓰는 이름입니다. 영문으로 시작합니다.', 'forms.field.type': '종류', 'forms.field.required': '꼭 답해야 함', 'forms.field.about': '설명', 'forms.field.choices': '고를 것', 'forms.field.remove': '빼기', 'forms.field.up': '위로', 'forms.field.down': '아래로', 'forms.required': '필수', 'forms.last': '항목이 하나는 있어야 합니다.',
    'forms.type.text': '짧은 글', 'forms.type.long_text': '긴 글', 'forms.type.number': '숫자', 'forms.type.date': '날짜', 'forms.type.choice': '하나 고르기', 'forms.type.choices': '여럿 고르기', 'forms.type.user': '사람', 'forms.type.channel': '채널', 'forms.type.file': '파일',
    'forms.about': '설명', 'forms.rename': '이름과 설명', 'forms.start': '이 양식으로 시작하는 자동화', 'forms.start.body': '자동화의 시작을 channels.form으로 하고 form에 {id}(을/를) 쓰면, 답할 때마다 실행이 시작됩니다.',
  },
  en: {
    'forms.title': 'Forms', 'forms.new': 'New form', 'forms.none': 'No forms yet', 'forms.none.body': 'Make a form and share its address, or let an automation ask with it in a channel. An answer starts an automation.',
    'forms.name': 'Name', 'forms.address': 'Address', 'forms.address.hint': 'Letters, digits, - and _. It cannot be changed later.', 'forms.answers': 'Answers', 'forms.fields': 'Fields', 'forms.changed': 'Changed', 'forms.closed': 'Closed', 'forms.open': 'Open',
    'forms.fill': 'Answer', 'forms.edit': 'Edit', 'forms.send': 'Send', 'forms.sent': 'Sent', 'forms.again': 'Send another', 'forms.sent.body': 'Your answer is kept, and the automations that start with this form take it from here.',
    'forms.kept': 'People of the workspace can read the answers.', 'forms.is.closed': 'This form takes no more answers.', 'forms.file': 'A form that asks for files is answered from its card in a channel: name it in an automation’s step that asks with a form.',
    'forms.close': 'Close', 'forms.reopen': 'Open again', 'forms.did.close': 'Closed', 'forms.did.open': 'Open again', 'forms.copy': 'Copy the address', 'forms.copied': 'The address was copied', 'forms.saved': 'Saved',
    'forms.by': 'By', 'forms.at': 'When', 'forms.answers.none': 'No answers yet', 'forms.answers.body': 'Share the address, and answers come together here.', 'forms.more': 'Show more',
    'forms.field': 'Field', 'forms.field.new': 'Add a field', 'forms.field.edit': 'Edit the field', 'forms.field.title': 'Question', 'forms.field.title.en': 'In English', 'forms.field.name': 'Name of the value', 'forms.field.name.hint': 'What automations call it; it begins with a letter.', 'forms.field.type': 'Kind', 'forms.field.required': 'Has to be answered', 'forms.field.about': 'Explanation', 'forms.field.choices': 'Choices', 'forms.field.remove': 'Remove', 'forms.field.up': 'Move up', 'forms.field.down': 'Move down', 'forms.required': 'required', 'forms.last': 'A form has at least one field.',
    'forms.type.text': 'Short text', 'forms.type.long_text': 'Long text', 'forms.type.number': 'Number', 'forms.type.date': 'Date', 'forms.type.choice': 'One choice', 'forms.type.choices': 'Several choices', 'forms.type.user': 'Person', 'forms.type.channel': 'Channel', 'forms.type.file': 'Files',
    'forms.about': 'Explanation', 'forms.rename': 'Name and explanation', 'forms.start': 'Automations that start with this form', 'forms.start.body': 'Give an automation the trigger channels.form with form {id}: every answer then starts a run.',
  },
});
