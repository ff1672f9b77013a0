// What a line item's page says.
import { words } from '../web/kit.js';

words({
  ko: {
    'pacing.l.deal': '딜 열기', 'pacing.l.help': '해결 방법', 'pacing.l.helpnote': '계산된 효과', 'pacing.l.gain': '+{n}', 'pacing.l.chance': '달성 확률 {a} → {b}', 'pacing.l.free': '비용 없음', 'pacing.l.apply': '적용', 'pacing.l.today': '오늘 시간대별', 'pacing.l.gaps': '제3자 집계와 비교', 'pacing.l.counter': '집계처', 'pacing.l.first': '애드서버', 'pacing.l.third': '제3자', 'pacing.l.gap': '차이', 'pacing.l.short': '{n} 부족 예상', 'pacing.l.spent': '{n} 집행', 'pacing.l.about': '집행 조건', 'pacing.l.source': '데이터 소스', 'pacing.l.band': '계획 범위', 'pacing.keyback': '위험 목록으로',
    'pacing.f.title': '일별 집계', 'pacing.f.day': '날짜', 'pacing.f.clicks': '클릭', 'pacing.f.impressions': '노출', 'pacing.f.views': '조회', 'pacing.f.listens': '청취', 'pacing.f.spend': '집행 금액', 'pacing.f.none': '아직 집계가 없습니다', 'pacing.f.export': 'CSV',
    'pacing.h.title': '기록', 'pacing.h.none': '아직 기록이 없습니다', 'pacing.h.created': '예약됨', 'pacing.h.trafficked': '트래피킹 완료', 'pacing.h.approved': 'QA 승인', 'pacing.h.launched': '첫 노출', 'pacing.h.halfway': '집행 중간 지점', 'pacing.h.delivered': '목표 달성', 'pacing.h.ended': '집행 종료', 'pacing.h.paused': '일시정지', 'pacing.h.raised': '{kind} 알림', 'pacing.h.resolved': '{kind} 해소 ({why})', 'pacing.h.acked': '{kind} 확인 · {why}',
  },
  en: {
    'pacing.l.deal': 'Open the deal', 'pacing.l.help': 'What would help', 'pacing.l.helpnote': 'with its computed effect', 'pacing.l.gain': '+{n}', 'pacing.l.chance': 'chance in full {a} → {b}', 'pacing.l.free': 'no cost', 'pacing.l.apply': 'Apply', 'pacing.l.today': 'Today by the hour', 'pacing.l.gaps': 'Beside third parties', 'pacing.l.counter': 'Counted by', 'pacing.l.first': 'Ad server', 'pacing.l.third': 'Third party', 'pacing.l.gap': 'Gap', 'pacing.l.short': 'short by {n}', 'pacing.l.spent': '{n} spent', 'pacing.l.about': 'What was booked', 'pacing.l.source': 'Source of figures', 'pacing.l.band': 'Range of the plan', 'pacing.keyback': 'To the risks',
    'pacing.f.title': 'Figures by day', 'pacing.f.day': 'Day', 'pacing.f.clicks': 'Clicks', 'pacing.f.impressions': 'Impressions', 'pacing.f.views': 'Views', 'pacing.f.listens': 'Listens', 'pacing.f.spend': 'Spend', 'pacing.f.none': 'No figures yet', 'pacing.f.export': 'CSV',
    'pacing.h.title': 'History', 'pacing.h.none': 'Nothing yet', 'pacing.h.created': 'Booked', 'pacing.h.trafficked': 'Trafficking done', 'pacing.h.approved': 'QA approved', 'pacing.h.launched': 'First delivery', 'pacing.h.halfway': 'Midpoint of the flight', 'pacing.h.delivered': 'Goal reached', 'pacing.h.ended': 'Flight ended', 'pacing.h.paused': 'Paused', 'pacing.h.raised': '{kind}: alert', 'pacing.h.resolved': '{kind}: resolved ({why})', 'pacing.h.acked': '{kind}: acknowledged · {why}',
  },
});
