// What the report on answers in channels says, in both languages.
import { words } from '../web/kit.js';
import './words.js';

words({
  ko: {
    'answers.channel': '채널', 'answers.customer': '고객사', 'answers.team': '팀', 'answers.person': '답한 사람', 'answers.week': '주', 'answers.by': '나누어 보기', 'answers.kind': '응답의 종류', 'answers.range': '기간',
    'answers.both': '모두', 'answers.first': '첫 응답', 'answers.next': '다음 응답', 'answers.days': '{n}일', 'answers.asked': '질문', 'answers.answered': '답함', 'answers.median': '중앙값', 'answers.p90': '90백분위', 'answers.within': '약속 지킴',
    'answers.waiting': '기다림', 'answers.seen': '그중 봄', 'answers.oldest': '가장 오래', 'answers.nobody': '아직 아무도', 'answers.now': '지금 기다리는 고객', 'answers.note': '업무 시간으로 잽니다. 기한이 지난 채 기다리는 질문은 지키지 못한 것으로 셉니다.',
    'answers.none': '이 기간에 외부 질문이 없습니다', 'answers.nonebody': '응답 목표가 있는 채널에서 외부 사람이 쓰면 여기서 셉니다.',
    'answers.t.product': '프로덕트', 'answers.t.marketing': '마케팅', 'answers.t.sales': '영업', 'answers.t.ad_ops': '광고 운영', 'answers.t.social': '소셜', 'answers.t.care': '고객 응대', 'answers.t.people': '인사', 'answers.t.press': '홍보', 'answers.t.executives': '경영진',
  },
  en: {
    'answers.channel': 'Channel', 'answers.customer': 'Customer', 'answers.team': 'Team', 'answers.person': 'Answered by', 'answers.week': 'Week', 'answers.by': 'Breakdown', 'answers.kind': 'Kind of answer', 'answers.range': 'Range',
    'answers.both': 'All', 'answers.first': 'First', 'answers.next': 'Later', 'answers.days': '{n} days', 'answers.asked': 'Questions', 'answers.answered': 'Answered', 'answers.median': 'Median', 'answers.p90': '90th percentile', 'answers.within': 'In time',
    'answers.waiting': 'Waiting', 'answers.seen': 'Seen of those', 'answers.oldest': 'Longest', 'answers.nobody': 'Nobody yet', 'answers.now': 'Customers waiting now', 'answers.note': 'Counted in opening hours. What waits past its time counts as missed.',
    'answers.none': 'No questions from outside in this range', 'answers.nonebody': 'In channels with a response goal, what people from outside write is counted here.',
    'answers.t.product': 'Product', 'answers.t.marketing': 'Marketing', 'answers.t.sales': 'Sales', 'answers.t.ad_ops': 'Ad operations', 'answers.t.social': 'Social', 'answers.t.care': 'Care', 'answers.t.people': 'People', 'answers.t.press': 'Press', 'answers.t.executives': 'Executives',
  },
});
