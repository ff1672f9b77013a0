"""The lines that talk.py plays: per channel, scenes of `who: text +emoji`, `>` for an answer in the thread."""

from __future__ import annotations

# name, topic, whose (functions; `all`; `customer` adds the people of one customer)
CHANNELS: tuple[tuple[str, str, str], ...] = (
    ("전체-공지", "모두에게 알리는 소식", "all"),
    ("제품", "청취 경험, 배포, 실험", "product care"),
    ("그로스-마케팅", "캠페인, 유입, 리텐션", "marketing product"),
    ("영업", "딜, 제안, 고객 소식", "sales"),
    ("광고운영", "캠페인 세팅, 페이싱, 리포트", "ad_ops sales"),
    ("소셜-리스닝", "밖에서 들리는 이야기", "social marketing care"),
    ("고객센터", "문의, 환불, 답변 기준", "care product"),
    ("장애-대응", "지금 안 되는 것", "product care ad_ops social"),
    ("데이터-질문", "숫자가 궁금할 때", "all"),
    ("크리에이터", "크리에이터 소식과 지원", "social product marketing"),
    ("global", "Everything outside Korea", "marketing sales product"),
    ("잡담", "점심, 날씨, 고양이", "all"),
    ("공유-{customer}", "{customer} × 소리마루", "sales ad_ops customer"),
    ("공유-{customer}", "{customer} × 소리마루", "ad_ops sales customer"),
)

SCENES: dict[str, tuple[str, ...]] = {
    "전체-공지": (
        """\
product: 이번 주 금요일 {hour}시에 전사 공유회 있습니다. 각 팀 지표 하나씩 준비해 주세요. +eyes +thumbsup
> marketing: 마케팅은 {metric} 가져갈게요.
> sales: 영업은 {stage} 단계 딜 현황 공유하겠습니다.""",
        """\
product: 지난주 주간 청취 시간이 전주보다 {percent}% 늘었습니다. 모두 고생 많으셨어요! +tada +clap""",
        """\
any: 이번 달 보안 교육 아직 안 들으신 분은 {day}까지 부탁드려요.
> any2: 방금 완료했습니다. +thumbsup""",
        """\
sales: {company} 계약 체결됐습니다! {won}만 원 규모예요. 함께해 주신 분들 감사합니다. +tada +fire
> ad_ops: 축하드려요! 세팅 일정 잡겠습니다.""",
        """\
marketing: New brand guidelines are in the drive. Please use them for anything that leaves the house. +eyes""",
    ),
    "제품": (
        """\
product: {feature} 오늘 {hour}시에 10%부터 배포합니다. +rocket
> product2: 확인했습니다. 크래시율 같이 볼게요.
> product: 한 시간 지켜봤는데 특이 사항 없습니다. 50%로 올릴게요. +thumbsup""",
        """\
product: 신규 가입자 7일 차 리텐션이 {percent}% 정도 나오네요. 첫 청취까지 걸리는 시간이 제일 큰 변수 같아요.
> product2: 가입 후 5분 안에 듣기 시작한 사람만 따로 볼까요?
> product: 네, 퍼널 하나 만들어서 공유드릴게요.""",
        """\
care: {feature} 관련 문의가 어제부터 {few}건 들어왔어요. 의도된 동작인지 확인 부탁드립니다.
> product: 의도된 건 아니에요. 오늘 안에 수정하겠습니다. +pray""",
        """\
product: 온보딩 실험 결과, 장르 먼저 고르는 쪽이 1일 차 복귀가 더 높아요. +chart_with_upwards_trend
> product2: 표본은 충분했나요?
> product: 그룹당 {hundreds}명 정도예요. 이번 주까지 더 볼게요.""",
        """\
product: 다음 스프린트에 {feature} 넣을지 의견 주세요.
> product2: 저는 찬성이요. 문의도 꾸준하고요.
> care: 고객센터도 찬성입니다. +raised_hands""",
        """\
product: Can someone review the copy for {feature}? English strings are in the sheet.
> product2: On it, back to you by {hour}.""",
    ),
    "그로스-마케팅": (
        """\
marketing: {utm} 캠페인 소재 교체했습니다. 클릭률이 {percent}%까지 올라왔어요. +fire
> marketing2: 가입 전환도 같이 봐야 할 것 같아요.
> marketing: 가입까지는 지난주와 비슷합니다. 내일 다시 볼게요.""",
        """\
marketing: 한 번 듣고 떠난 분들께 보내는 추천 메일, 제목 두 가지로 가려고 합니다. 의견 주세요.
> marketing2: 크리에이터 이름 들어간 쪽이 좋아요.
> product: 절반은 대조군으로 남겨 두는 거 맞죠?
> marketing: 네, 절반은 보내지 않습니다. +thumbsup""",
        """\
marketing: 이탈 위험 세그먼트가 이번 주 {hundreds}명이에요. 쿠폰보다 새 방송 알림이 나을까요?
> product: 지난번엔 알림 쪽이 더 돌아왔어요.""",
        """\
marketing: {day} 발송 예정인 푸시는 밤 9시 이후로 안 나가게 막아 뒀습니다. +pray""",
        """\
marketing: Paid spend is on plan. {utm_en} brings the cheapest sign-ups, but they listen less.
> marketing2: Let's judge by day-7, not by sign-ups. +100""",
    ),
    "영업": (
        """\
sales: {company} 미팅 다녀왔습니다. 예산은 {won}만 원 정도, 결정은 {day}에 난다고 해요.
> sales2: 경쟁사 제안도 받고 있나요?
> sales: 한 곳 더 보고 있대요. 제안서에 청취자 데이터 보강하겠습니다.""",
        """\
sales: {company} {stage} 단계로 올립니다. 담당자가 {feature} 사례를 궁금해하네요. +crossed_fingers
> sales2: 지난 분기 사례 자료 보내 드릴게요.""",
        """\
sales: 이번 분기 목표까지 {won}만 원 남았습니다. {stage} 단계 딜부터 챙겨 봅시다. +muscle""",
        """\
sales: {company}에서 크리에이터 협찬 단가표 요청했습니다. 최신본 어디 있죠?
> sales2: 드라이브 '제안' 폴더에 이번 달 버전 있어요. +thumbsup""",
        """\
sales: {company} went quiet after the proposal. Second follow-up goes out {day_en}.
> sales2: Try their brand manager, she liked the host reads.""",
        """\
sales: {company} 건은 아쉽게 이번엔 어렵다고 합니다. 내년 초에 다시 보자고 하네요.
> sales2: 고생하셨어요. 1월에 리마인드 걸어 둘게요.""",
    ),
    "광고운영": (
        """\
ad_ops: {company} 라인 아이템 페이싱이 {percent}% 부족해요. 주말 물량이 빠진 영향 같습니다.
> ad_ops2: 타깃을 전체로 넓히면 이틀이면 따라잡아요.
> sales: 고객사에 먼저 말씀드릴게요. 승인받으면 알려 드리겠습니다. +pray""",
        """\
ad_ops: {company} 소재 아직 못 받았습니다. 오늘 {hour}시까지 안 오면 시작일 밀립니다.
> sales: 방금 담당자와 통화했어요. 한 시간 안에 보내 준답니다.
> ad_ops: 받았습니다. 검수하고 바로 올릴게요. +thumbsup""",
        """\
ad_ops: {company} 캠페인 목표 노출 달성하고 종료됐습니다. 리포트는 내일 오전에 드릴게요. +tada""",
        """\
ad_ops: 호스트 리드 두 건이 같은 시간대에 겹쳐요. 하나는 {day}로 옮기겠습니다.
> ad_ops2: 크리에이터 쪽 확인도 부탁해요.""",
        """\
ad_ops: {company} is pacing {percent}% over. Capping it daily so the flight lasts.
> sales: Thanks, they would rather finish on time. +thumbsup""",
        """\
ad_ops: 어제자 집행 수치 올라왔습니다. 빨간 줄 {few}개만 같이 봐 주세요.
> ad_ops2: 두 개는 소재 심사 중이고, 나머지는 제가 볼게요.""",
    ),
    "소셜-리스닝": (
        """\
social: 오늘 X에서 {creator} 클립이 많이 퍼지고 있어요. 공식 계정에서 공유해도 될까요? +eyes
> marketing: 좋아요. 저희도 광고 소재로 검토할게요.""",
        """\
social: 앱스토어 리뷰에 버퍼링 이야기가 {few}건 더 올라왔습니다.
> care: 같은 내용 문의도 있어요. 기종이 비슷해서 제품팀에 넘겼습니다.""",
        """\
social: 지난주 언급 {hundreds}건, 긍정이 {percent}%p 늘었습니다. 대부분 {creator} 덕분이에요. +heart""",
        """\
social: 광고 문의하고 싶다는 글이 있어서 영업팀에 전달했습니다. {company} 담당자분 같아요. +raised_hands""",
        """\
social: A podcast newsletter wrote about us, quite kindly. Link is on the board.
> marketing: Lovely, let's thank the author. +heart""",
    ),
    "고객센터": (
        """\
care: 환불 문의 답변 문구 조금 다듬었습니다. 확인 부탁드려요.
> care2: 처리 기간을 '영업일 3일'로 적으면 어떨까요?
> care: 반영했습니다. +thumbsup""",
        """\
care: 어제 문의 {hundreds}건, 첫 답변 중앙값 {minutes}분입니다. +clap""",
        """\
care: {feature} 문의가 반복돼서 도움말 글을 하나 썼어요.
> product: 앱 안에서도 링크 걸어 둘게요. 감사합니다! +pray""",
        """\
care: 중복 결제 건 {few}명 확인했고 모두 환불 처리했습니다.
> product: 원인은 재시도 버튼이었어요. 오늘 막았습니다.""",
        """\
care: A listener in Canada can't change her e-mail address. Is that a known one?
> product: Known, fix ships {day_en}.""",
    ),
    "장애-대응": (
        """\
product: {when} {minutes}분 동안 재생 시작이 느렸습니다. 지금은 정상이에요. +eyes
> care: 문의 {few}건 들어왔습니다. 공지 올릴까요?
> product: 네, 짧게 부탁드립니다.
> care: 올렸습니다. +thumbsup""",
        """\
care: {device}에서 로그인이 안 된다는 문의가 갑자기 늘었어요. +rotating_light
> product: 확인 중입니다.
> product: 인증서 갱신이 빠졌네요. 방금 반영했습니다.
> care: 정상 확인했습니다. 감사합니다! +pray""",
        """\
ad_ops: 광고 집행 수치가 {hour}시부터 안 들어오고 있어요.
> product: 수집 쪽 재시작했고 밀린 것까지 들어왔습니다.
> ad_ops: 숫자 맞아요. 닫습니다. +white_check_mark""",
        """\
product: Postmortem for the slow starts is written. Two follow-ups, both small.
> product2: Took the first one. +thumbsup""",
    ),
    "데이터-질문": (
        """\
marketing: '주간 활성 청취자'는 듣기 시작 기준인가요, 앱 열기 기준인가요?
> product: 듣기 시작 기준이에요. 카탈로그에 정의 적어 뒀습니다. +thumbsup""",
        """\
sales: {company} 제안서에 넣을 2030 심야 청취자 수 알 수 있을까요?
> product: 지난 28일 기준으로 뽑아서 보드에 올렸어요. +pray""",
        """\
social: 언급이 늘면 가입도 느나요? 감으로는 그런데요.
> product: 하루 뒤 가입과 약하게 같이 움직여요. 인과는 아직 모릅니다. +thinking_face""",
        """\
ad_ops: 노출 합계가 리포트랑 {few}건 달라요.
> product: 시간대 차이예요. 서울 시간으로 보시면 같습니다.
> ad_ops: 맞네요, 감사합니다!""",
        """\
sales: How do we count 'delivered in full'? Per line item or per campaign?
> product: Per line item, by the end of its flight. It's in the catalogue. +thumbsup""",
    ),
    "크리에이터": (
        """\
social: {creator} 님이 이번 주 {day}에 특집 방송 하신대요. 배너 부탁드려도 될까요?
> marketing: 네, 내일까지 시안 드릴게요. +thumbsup""",
        """\
social: 신규 크리에이터 {few}분 첫 방송 마쳤습니다. 평균 동시 청취 {minutes}명이에요. +clap""",
        """\
social: {creator} 님이 정산 화면이 헷갈린다고 하셨어요.
> product: 항목 이름을 바꾸는 작업이 이미 잡혀 있어요. 다음 주에 나갑니다.""",
        """\
social: {creator} 방송 채팅이 조금 거칠어졌어요. 관리자 한 명 더 붙였습니다. +eyes""",
        """\
social: {creator} asked for English captions on clips. Worth a try?
> product: We can test it with ten shows.""",
    ),
    "global": (
        """\
marketing: Sign-ups from the US are up {percent}% since the creator clips. +chart_with_upwards_trend
> product: Their first session is shorter, though. Checking the language of the first screen.""",
        """\
sales: {company} asks for a regional package, Seoul plus Tokyo.
> sales2: We can do audio spots. Host reads only in Korean for now.
> marketing: I'll send the audience sheet today. +thumbsup""",
        """\
product: Japanese strings for {feature_en} are in review.
> marketing: Two small fixes sent, rest is good to go. +pray""",
        """\
marketing: Holiday calendar for next month is pinned. Mind the Thursday in the US.""",
    ),
    "잡담": (
        """\
any: 오늘 점심 {lunch} 어때요? +yum
> any2: 좋아요! {noon}에 로비에서 봐요.
> any3: 저도 갈게요. +raised_hands""",
        """\
any: 비 온다더니 진짜 쏟아지네요. 우산 필요하신 분? +umbrella
> any2: 저요... 3층입니다.""",
        """\
any: 출근길에 {creator} 듣다가 한 정거장 지나쳤어요. +joy
> any2: 저도 어제 그랬어요 ㅋㅋ""",
        """\
any: 탕비실에 귤 있습니다. 가져가세요! +tangerine +heart""",
        """\
any: 우리 집 고양이가 {creator} 목소리만 나오면 스피커 앞에 앉아요. +cat +heart""",
        """\
any: Anyone up for a run along the river on {day_en}?
> any2: Count me in, slowly. +runner""",
    ),
    "shared": (
        """\
customer: 안녕하세요, 이번 주 집행 현황 공유 부탁드려도 될까요?
> ad_ops: 안녕하세요! 어제까지 목표 대비 {pace}% 진행됐습니다. 상세 리포트 곧 올려 드릴게요.
> customer: 감사합니다. +thumbsup""",
        """\
customer: {day} 오후에 소재를 교체하고 싶은데 가능할까요?
> ad_ops: 네, 당일 오전까지 파일 주시면 반영하겠습니다.
> customer: 내일 중으로 보내 드릴게요.""",
        """\
sales: 다음 분기 패키지 제안서 보내 드렸습니다. 편하실 때 의견 주세요.
> customer: 내부 검토 후 {day}까지 말씀드리겠습니다. +pray""",
        """\
ad_ops: 지난주 캠페인 결과입니다. 완청률이 업종 평균보다 {percent}% 높게 나왔습니다. +tada
> customer: 와, 좋네요! 윗분들께도 공유하겠습니다.""",
        """\
customer: 세금계산서 발행일을 말일로 바꿀 수 있을까요?
> sales: 네, 재무팀에 전달했습니다. 이번 달부터 적용됩니다. +thumbsup""",
    ),
}

SLOTS: dict[str, tuple[str, ...]] = {
    "hour": ("11", "2", "3", "4", "5"),
    "noon": ("11시 50분", "12시", "12시 10분"),
    "day": ("월요일", "화요일", "수요일", "목요일", "금요일"),
    "day_en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "percent": ("3", "6", "8", "11", "14", "17", "21", "24"),
    "pace": ("48", "55", "61", "72", "86", "93", "104"),
    "few": ("2", "3", "4", "5", "7", "9"),
    "hundreds": ("180", "240", "310", "420", "560", "730"),
    "minutes": ("6", "9", "12", "18", "25", "31"),
    "won": ("800", "1,500", "2,200", "3,500", "5,000", "8,000"),
    "stage": ("검증", "제안", "협상"),
    "metric": ("7일 차 리텐션", "가입 전환율", "복귀 캠페인 결과", "유입 채널별 청취 시간"),
    "utm": ("여름밤", "크리에이터 클립", "친구 초대", "브랜드 검색"),
    "utm_en": ("Brand search", "The creator clips", "The summer campaign"),
    "when": ("오늘 오전", "방금 전", "어젯밤", "점심 무렵"),
    "lunch": ("김치찌개", "칼국수", "돈가스", "쌀국수", "제육볶음", "샐러드", "순두부"),
}
