// The words of the idea board.
import { words } from '../../web/kit.js';

words({
  ko: {
    'idea.board': '보드', 'idea.table': '표', 'idea.new': '새 아이디어', 'idea.find': '아이디어 찾기', 'idea.none': '아직 아이디어가 없습니다', 'idea.nonebody': '언급, 고객 응대, 영업에서 나온 요청이 여기에 모입니다.',
    'idea.nofit': '찾는 아이디어가 없습니다', 'idea.clear': '지우기', 'idea.title': '제목', 'idea.about': '설명', 'idea.state': '상태', 'idea.owner': '담당', 'idea.votes': '표', 'idea.vote': '투표', 'idea.voted': '투표함',
    'idea.asked': '요청', 'idea.asks': '요청 {n}', 'idea.value': '열린 거래', 'idea.last': '마지막 요청', 'idea.create': '만들기', 'idea.created': '아이디어를 만들었습니다', 'idea.similar': '비슷한 아이디어', 'idea.near': '{n} 비슷',
    'idea.who': '누가 원했나', 'idea.nobody': '아직 아무도 원한 적이 없습니다', 'idea.add': '요청 적기', 'idea.said': '무엇이라고 했나', 'idea.source': '어디서', 'idea.account': '고객사', 'idea.added': '요청을 적었습니다', 'idea.remove': '요청 지우기', 'idea.removed': '요청을 지웠습니다',
    'idea.merge': '다른 아이디어에 합치기', 'idea.mergeinto': '어느 아이디어에 합칠까요?', 'idea.merged': '합쳤습니다', 'idea.merges': '여기에 합쳐진 것', 'idea.undo': '되돌리기', 'idea.undone': '다시 나누었습니다', 'idea.edit': '고치기', 'idea.save': '저장', 'idea.saved': '저장했습니다', 'idea.moved': '{name}(으로/로) 옮겼습니다',
    'idea.close': '닫기', 'idea.keys': '아이디어', 'idea.keynext': '다음 상태로', 'idea.keyback': '이전 상태로', 'idea.keynew': '새 아이디어', 'idea.keyvote': '투표', 'idea.keyfind': '찾기', 'idea.keyclose': '상세 닫기', 'idea.keyview': '보드와 표 바꾸기', 'idea.voters': '투표한 사람', 'idea.deals': '거래 {n}', 'idea.csv': 'CSV', 'idea.conflict': '그 사이 다른 사람이 바꾸었습니다. 새로 불러왔습니다.', 'idea.nobodys': '없음',
    'idea.s.open': '열림', 'idea.s.planned': '계획됨', 'idea.s.building': '만드는 중', 'idea.s.shipped': '출시됨', 'idea.s.declined': '하지 않음', 'idea.from.mention': '언급', 'idea.from.care': '고객 응대', 'idea.from.sales': '영업', 'idea.from.hand': '직접',
  },
  en: {
    'idea.board': 'Board', 'idea.table': 'Table', 'idea.new': 'New idea', 'idea.find': 'Find ideas', 'idea.none': 'No ideas yet', 'idea.nonebody': 'What mentions, care and sales ask for gathers here.',
    'idea.nofit': 'No idea fits', 'idea.clear': 'Clear', 'idea.title': 'Title', 'idea.about': 'About', 'idea.state': 'State', 'idea.owner': 'Owner', 'idea.votes': 'Votes', 'idea.vote': 'Vote', 'idea.voted': 'Voted',
    'idea.asked': 'Asked', 'idea.asks': 'asked {n}', 'idea.value': 'Open deals', 'idea.last': 'Last asked', 'idea.create': 'Create', 'idea.created': 'The idea was made', 'idea.similar': 'Similar ideas', 'idea.near': '{n} alike',
    'idea.who': 'Who asked', 'idea.nobody': 'Nobody asked for it yet', 'idea.add': 'Add an asking', 'idea.said': 'What they said', 'idea.source': 'Where', 'idea.account': 'Account', 'idea.added': 'The asking was added', 'idea.remove': 'Remove the asking', 'idea.removed': 'The asking was removed',
    'idea.merge': 'Merge into another idea', 'idea.mergeinto': 'Into which idea?', 'idea.merged': 'Merged', 'idea.merges': 'Merged into this', 'idea.undo': 'Undo', 'idea.undone': 'Apart again', 'idea.edit': 'Edit', 'idea.save': 'Save', 'idea.saved': 'Saved', 'idea.moved': 'Moved to {name}',
    'idea.close': 'Close', 'idea.keys': 'Ideas', 'idea.keynext': 'To the next state', 'idea.keyback': 'To the state before', 'idea.keynew': 'New idea', 'idea.keyvote': 'Vote', 'idea.keyfind': 'Find', 'idea.keyclose': 'Close the detail', 'idea.keyview': 'Board or table', 'idea.voters': 'Who votes', 'idea.deals': '{n} {n|deal|deals}', 'idea.csv': 'CSV', 'idea.conflict': 'Somebody changed it meanwhile; it was loaded anew.', 'idea.nobodys': 'nobody',
    'idea.s.open': 'Open', 'idea.s.planned': 'Planned', 'idea.s.building': 'Building', 'idea.s.shipped': 'Shipped', 'idea.s.declined': 'Declined', 'idea.from.mention': 'Mention', 'idea.from.care': 'Care', 'idea.from.sales': 'Sales', 'idea.from.hand': 'By hand',
  },
});

export const STATES = ['open', 'planned', 'building', 'shipped', 'declined'], SOURCES = ['mention', 'care', 'sales', 'hand'];
