# ruff: noqa: E501
"""Writes `static/emoji_table.js`: Unicode's own names, Slack's short names and Korean words for what people use most.

`python -m dure.channels.emoji_table`, after a newer Python knows more characters or a word is to be added here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

_PICTURE = "\ufe0f"  # asks for the picture of a character that is a letter by itself

# What stands in which group, as ranges of code points; those before `/` are letters that need to be made pictures.
_GROUPS = {
    "faces": "263A / 1F600-1F64A 1F910-1F917 1F920-1F92F 1F970-1F976 1F978-1F97A 1F9D0 1FAE0-1FAE7 1F479-1F47B 1F47D-1F480 1F4A9 1F916",
    "people": "270C 270D 261D 1F575 1F590 / 1F44A-1F450 270A 270B 1F595-1F596 1F64B-1F64F 1F918-1F91F 1F90C 1F90F 1F932-1F933 1FAF0-1FAF6 1F440-1F449 1F466-1F478 1F47C 1F481-1F487 1F4AA 1F930-1F939 1F9B4-1F9B9 1F9D1-1F9DF 1F483 1F57A 1F46A-1F46F 1F48B 1F463 1F464-1F465 1FAC0-1FAC5",
    "nature": "2600 2601 2604 2744 2618 / 1F400-1F43F 1F981-1F9AF 1F330-1F335 1F337-1F344 1F490 1F300-1F320 2614 26C4 26A1 2B50 2728 1F525 1F4A7 1F30A 1FAB0-1FABA",
    "food": "2615 / 1F345-1F37C 1F37E-1F37F 1F32D-1F32F 1F950-1F96F 1F9C0-1F9CB 1FAD0-1FAD9 1F380-1F382",
    "activity": " / 1F383-1F393 1F3A0-1F3C6 1F3C8-1F3CA 1F3CF-1F3D3 1F3F8-1F3FA 26BD 26BE 1F93A 1F93C-1F945 1F947-1F94F 1F9E9 1FA80-1FA82 1F3C7",
    "travel": "2708 1F3D4-1F3DF / 1F680-1F6C5 1F6D1-1F6D2 1F6D5-1F6D7 1F6EB-1F6EC 1F6F4-1F6FC 1F3E0-1F3F0 1F5FB-1F5FF 26EA 26F2 26F3 26F5 26FA 26FD",
    "objects": "2709 270F 260E 2696 2699 2702 2328 1F5A5 1F5A8 1F5D1 1F5D3 1F399 1F6E0 1F56F 1F570 1F58C 1F5C2-1F5C4 1F6CD-1F6CF / 231A 231B 23F0 23F3 1F451-1F462 1F488-1F48A 1F48C-1F48F 1F4A1-1F4A3 1F4B0-1F4FC 1F4FF 1F50B-1F518 1F526-1F52E 1F6D0 1FA83-1FA86 1F9E0-1F9E8 1F9EA-1F9FF 1FA70-1FA74 1FA78-1FA7C 1FA90-1FAAC",
    "symbols": "2764 2763 26A0 2714 2716 27A1 2B05 2B06 2B07 2139 267B 25B6 23F8 2122 / 1F493-1F49F 1F9E1 1F5A4 1F90D-1F90E 1F494 1F4A2 1F4A4-1F4A8 1F4AB-1F4AF 2705 274C 274E 2753-2755 2757 2795-2797 26AA 26AB 26D4 2B55 1F500-1F50A 1F519-1F525 1F52F-1F53D 1F7E0-1F7EB 1F534-1F535 1F550-1F567 1F191-1F19A 1F4AC-1F4AD 1F3F4 1F6A9 1F38C 1F3C1",
}  # fmt: skip

# Slack's short names, the first of which is the one that is put in.
_SHORT = """
👍 +1 thumbsup|👎 -1 thumbsdown|❤️ heart|🎉 tada|👀 eyes|✅ white_check_mark|✔️ heavy_check_mark|❌ x|🙏 pray|👏 clap
🙌 raised_hands|🔥 fire|🚀 rocket|😂 joy|😄 smile|😃 smiley|😁 grin|🙂 slightly_smiling_face|😉 wink|😍 heart_eyes
🤔 thinking_face thinking|😭 sob|😢 cry|😅 sweat_smile|😮 open_mouth|😱 scream|😡 rage|💯 100|💪 muscle|👌 ok_hand|👋 wave
💡 bulb|🔔 bell|⚠️ warning|🚨 rotating_light|🔴 red_circle|⚪ white_circle|⚫ black_circle|🟡 large_yellow_circle|🟢 large_green_circle|🔵 large_blue_circle
📈 chart_with_upwards_trend|📉 chart_with_downwards_trend|📊 bar_chart|📝 memo pencil|📌 pushpin|📅 date|📆 calendar|🕒 clock3
⏳ hourglass_flowing_sand|💰 moneybag|🤝 handshake|🏆 trophy|💬 speech_balloon|📣 mega|📢 loudspeaker|🎧 headphones
🎤 microphone|🎵 musical_note|🤖 robot_face|🔧 wrench|🐛 bug|⚡ zap|⭐ star|✨ sparkles|❓ question|❗ exclamation heavy_exclamation_mark
ℹ️ information_source|🔗 link|🔒 lock|📧 email e-mail|🎯 dart|🏁 checkered_flag|⛔ no_entry|➡️ arrow_right|⬅️ arrow_left
⬆️ arrow_up|⬇️ arrow_down|😀 grinning|😆 laughing satisfied|🤣 rolling_on_the_floor_laughing rofl|😊 blush|😇 innocent
🥰 smiling_face_with_3_hearts|😘 kissing_heart|😋 yum|😛 stuck_out_tongue|🤗 hugging_face hugs|🤫 shushing_face|😐 neutral_face
😑 expressionless|😏 smirk|🙄 face_with_rolling_eyes|😬 grimacing|😌 relieved|😔 pensive|😴 sleeping|🤒 face_with_thermometer
🤕 face_with_head_bandage|🤢 nauseated_face|🥵 hot_face|🥶 cold_face|🤯 exploding_head|😎 sunglasses|🤓 nerd_face|😕 confused
😟 worried|🙁 slightly_frowning_face|😯 hushed|😲 astonished|😳 flushed|🥺 pleading_face|😨 fearful|😰 cold_sweat|😥 disappointed_relieved
😞 disappointed|😓 sweat|😩 weary|😫 tired_face|🥱 yawning_face|😤 triumph|😠 angry|🤬 face_with_symbols_on_mouth|💀 skull
💩 hankey poop|👻 ghost|🙈 see_no_evil|🙉 hear_no_evil|🙊 speak_no_evil|💋 kiss|💌 love_letter|💘 cupid|💖 sparkling_heart
💔 broken_heart|🧡 orange_heart|💛 yellow_heart|💚 green_heart|💙 blue_heart|💜 purple_heart|🖤 black_heart|🤍 white_heart
✌️ v|🤞 crossed_fingers|🤟 i_love_you_hand_sign|🤘 the_horns|👈 point_left|👉 point_right|👆 point_up_2|👇 point_down|☝️ point_up
✊ fist|👊 facepunch punch|✋ hand raised_hand|🙋 raising_hand|🙇 bow|🤦 face_palm|🤷 shrug|🙆 ok_woman|🙅 no_good|💁 information_desk_person
☕ coffee|🍺 beer|🍻 beers|🍷 wine_glass|🍰 cake|🎂 birthday|🍕 pizza|🍔 hamburger|🍜 ramen|🍚 rice|🍱 bento|🍎 apple|🍌 banana
☀️ sunny|☁️ cloud|☔ umbrella_with_rain_drops umbrella|❄️ snowflake|🌈 rainbow|🌙 crescent_moon|🐶 dog|🐱 cat|🐻 bear|🐼 panda_face
⚽ soccer|🏀 basketball|⚾ baseball|🎮 video_game|🎲 game_die|🎁 gift|🎈 balloon|🎊 confetti_ball|🎓 mortar_board|🥇 first_place_medal
✈️ airplane|🚗 car red_car|🚌 bus|🚇 metro|🏠 house|🏢 office|🏥 hospital|⏰ alarm_clock|⌛ hourglass|⌚ watch|📱 iphone|💻 computer
🖥️ desktop_computer|📷 camera|🔍 mag|🔎 mag_right|💳 credit_card|💵 dollar|✉️ envelope email_envelope|📎 paperclip|✂️ scissors
📁 file_folder|📄 page_facing_up|📋 clipboard|🔑 key|🔨 hammer|⚙️ gear|⚖️ scales|🧪 test_tube|💊 pill|🩹 adhesive_bandage
♻️ recycle|✖️ heavy_multiplication_x|➕ heavy_plus_sign|➖ heavy_minus_sign|🔄 arrows_counterclockwise|🔁 repeat|▶️ arrow_forward
⏸️ double_vertical_bar|🆗 ok|🆕 new|🆘 sos|🔝 top|🚧 construction|🚩 triangular_flag_on_post|💤 zzz|💥 boom collision|💦 sweat_drops
👑 crown|💎 gem|🧠 brain|👶 baby|👩 woman|👨 man|🏃 runner running|💃 dancer|🎨 art|🎬 clapper|📚 books|📖 book open_book|✏️ pencil2
"""

_KOREAN = """
👍 좋아요 최고 엄지 찬성 따봉|👎 싫어요 반대|❤️ 하트 사랑 빨간하트|🎉 축하 파티 폭죽|👀 눈 확인중 보는중|✅ 완료 확인 체크|✔️ 체크 확인|❌ 엑스 취소 안됨 아니오
🙏 감사 부탁 기도 제발|👏 박수 짝짝|🙌 만세 하이파이브|🔥 불 핫 대박|🚀 로켓 출시 런칭 배포|😂 웃겨 눈물 폭소 ㅋㅋ|😄 미소 웃음|😃 웃음 활짝|😁 씩 웃음|🙂 미소 살짝
😉 윙크|😍 반함 하트눈|🤔 생각 고민 흠|😭 엉엉 펑펑 눈물 ㅠㅠ|😢 눈물 슬픔|😅 식은땀 머쓱|😮 놀람 오|😱 비명 충격|😡 분노 화남|💯 백점 만점 인정|💪 힘 화이팅 파이팅 근육
👌 오케이 좋아|👋 안녕 인사 손|💡 전구 아이디어 생각|🔔 알림 종|⚠️ 주의 경고|🚨 비상 긴급 경보 사이렌|🔴 빨강 빨간원|🟡 노랑 노란원|🟢 초록 초록원|🔵 파랑 파란원
📈 상승 증가 성장 그래프|📉 하락 감소 그래프|📊 막대 차트 통계 보고|📝 메모 기록 회의록|📌 고정 핀 중요|📅 날짜 달력|📆 일정 달력|🕒 세시 시계|⏳ 대기 모래시계 진행중
💰 돈 예산 매출 수익|🤝 악수 협력 계약 합의|🏆 우승 트로피 수상|💬 대화 말풍선|📣 홍보 확성기 캠페인|📢 공지 알림 안내|🎧 헤드폰 오디오|🎤 마이크 녹음|🎵 음악 노래 음표
🤖 로봇 봇 자동|🔧 수리 렌치 설정|🐛 벌레 버그 오류|⚡ 번개 빠름 자동화|⭐ 별 즐겨찾기|✨ 반짝 새로운|❓ 질문 물음표|❗ 느낌표 중요|ℹ️ 정보 안내|🔗 링크 연결|🔒 잠금 비밀 보안|📧 메일 이메일
🎯 목표 과녁 타깃|🏁 결승 끝 마감|⛔ 금지 출입금지|➡️ 오른쪽 다음|⬅️ 왼쪽 이전|⬆️ 위 상향|⬇️ 아래 하향|😀 웃음 활짝|😆 크게웃음 하하|🤣 데굴데굴 빵터짐|😊 수줍 기쁨 미소|😇 천사
🥰 사랑 행복|😘 뽀뽀 키스|😋 맛있 냠|😛 메롱|🤗 포옹 안아|🤫 쉿 비밀|😐 무표정|😑 무념 어이없|😏 씨익 음흉|🙄 눈굴림 글쎄|😬 민망 이악물|😌 안도 편안|😔 시무룩|😴 졸림 잠
🤒 열 아픔 병가|🤕 다침|🤢 메스꺼움|🥵 더움|🥶 추움|🤯 충격 머리폭발|😎 멋짐 선글라스|🤓 공부 안경|😕 혼란|😟 걱정|🙁 찡그림|😲 깜짝|😳 당황 부끄|🥺 애원 간절|😨 무서움|😰 불안
😞 실망|😓 땀|😩 지침|😫 피곤|🥱 하품|😤 씩씩|😠 화남|🤬 욕|💀 해골 죽음|💩 똥|👻 유령 귀신|🙈 못봄 원숭이|🙉 못들음|🙊 말못함|💋 키스|💔 이별 상심|🧡 주황하트|💛 노란하트|💚 초록하트|💙 파란하트
💜 보라하트|🖤 검은하트|🤍 하얀하트|✌️ 브이 승리|🤞 행운 바람|🤟 사랑해|🤘 락|👈 왼쪽|👉 오른쪽|👆 위|👇 아래|☝️ 하나 위|✊ 주먹|👊 주먹 펀치|✋ 손 멈춤|🙋 손들기 저요 질문|🙇 죄송 절 인사 감사
🤦 이마 어휴|🤷 몰라 글쎄|🙆 오케이 괜찮아|🙅 안돼 금지|💁 안내|☕ 커피 카페|🍺 맥주|🍻 건배 회식|🍷 와인|🍰 케이크|🎂 생일 축하|🍕 피자|🍔 햄버거|🍜 라면 국수 점심|🍚 밥 점심 식사|🍱 도시락 점심
🍎 사과|🍌 바나나|☀️ 해 맑음|☁️ 구름 흐림|☔ 비 우산|❄️ 눈 겨울|🌈 무지개|🌙 달 밤|🐶 개 강아지|🐱 고양이|🐻 곰|🐼 판다|⚽ 축구|🏀 농구|⚾ 야구|🎮 게임|🎲 주사위|🎁 선물|🎈 풍선|🎊 축하 박터트리기
🎓 졸업 학사모|🥇 금메달 일등|🥈 은메달 이등|🥉 동메달 삼등|✈️ 비행기 출장 여행|🚗 자동차|🚌 버스|🚇 지하철|🚕 택시|🚲 자전거|🏠 집 재택|🏢 회사 사무실|🏥 병원|🏦 은행|🏫 학교|⏰ 알람 시간|⌛ 모래시계|⌚ 시계
📱 휴대폰 전화 앱|💻 노트북 컴퓨터|🖥 모니터|📷 사진 카메라|🔍 검색 찾기 돋보기|💳 카드 결제|💵 달러 돈|✉️ 편지 메일|📎 첨부 클립|✂️ 가위|📁 폴더|📄 문서 서류|📋 목록 체크리스트|🔑 열쇠 키|🔨 망치
⚙️ 설정 톱니|⚖️ 저울 법무|🧪 실험 테스트|💊 약|♻️ 재활용|➕ 더하기 추가|➖ 빼기|🔄 새로고침 반복|🔁 반복|▶️ 재생 시작|⏸️ 일시정지 보류|🆗 오케이|🆕 신규 새로운|🆘 도움 구조|🚧 공사중 작업중|🚩 깃발 신고|💤 잠 쿨쿨
💥 폭발 쾅|💦 땀 물|👑 왕관|💎 보석 다이아|🧠 뇌 지능|👶 아기|👩 여자|👨 남자|🏃 달리기 서둘러|💃 춤|🎨 디자인 미술 그림|🎬 영상 촬영 영화|📚 책 공부|📖 책 읽기|✏️ 연필 수정|🌸 벚꽃 봄|🌹 장미|🌻 해바라기|🍀 행운 네잎클로버
🌊 파도 바다|🌍 지구 세계|🌏 아시아 지구|⛄ 눈사람|🎄 크리스마스|🎃 핼러윈|🎆 불꽃놀이|🎅 산타|🧧 세뱃돈 용돈|🏔 산|🏖 해변 휴가|⛺ 캠핑|🗓 달력 일정|🗂 분류 파일|🗑 휴지통 삭제|📦 상자 택배 배송|📞 전화|📠 팩스|🖨 프린터
📺 텔레비전 방송|📻 라디오|🎙 마이크 방송|🎼 악보|🎸 기타|🎹 피아노|🥁 드럼|🎺 트럼펫|🎻 바이올린|🍗 치킨 닭다리|🍣 초밥|🍦 아이스크림|🍩 도넛|🍪 쿠키|🍫 초콜릿|🍇 포도|🍓 딸기|🍉 수박|🍊 귤|🥑 아보카도
🥗 샐러드|🥪 샌드위치|🌭 핫도그|🍞 빵|🧀 치즈|🥚 달걀|🥛 우유|🍵 차 녹차|🥂 건배 축배|🍾 샴페인 축하|🥳 파티 축하 신남|🤩 감동 별눈|🫡 경례 넵 알겠습니다|🫠 녹음 지침|🫶 손하트|🫂 포옹 위로|🤙 전화|🖐 손바닥|👥 사람들 팀|👤 사람
🧑 사람|👪 가족|🕵 탐정|👮 경찰|👷 작업자|🧹 청소 정리|🧯 소화기 진화|🛒 장바구니 쇼핑|🛑 정지 멈춤|🛠 도구 작업|🧩 퍼즐 조각|🪄 마법|🔮 예측 점|📡 안테나|🔋 배터리|🔌 플러그|💾 저장 디스크|🌱 새싹 성장|🐣 병아리 시작|🦄 유니콘
🐢 거북이 느림|🐇 토끼 빠름|🐝 벌 바쁨|🐳 고래|🦁 사자|🐯 호랑이|🐷 돼지|🐸 개구리|🐵 원숭이|🐔 닭|🐧 펭귄|🕐 한시|🕑 두시|🕓 네시|🕔 다섯시|🕕 여섯시|🕛 열두시 정오
"""


def main() -> None:
    target = Path(__file__).parent / "static" / "emoji_table.js"
    target.write_text(
        "// Written by `python -m dure.channels.emoji_table`: the character, its names, Korean words.\n"
        f"export const TABLE = `{chr(10).join(lines())}`;\n",
        encoding="utf-8",
    )


def lines() -> Iterator[str]:
    """A line for each group and for each emoji in it."""
    short, korean, told = _words(_SHORT), _words(_KOREAN), set[str]()
    for group, ranges in _GROUPS.items():
        yield f"#{group}"
        letters, _, pictures = ranges.partition("/")
        chars = [chr(code) + _PICTURE for code in _codes(letters)] + [chr(code) for code in _codes(pictures)]
        for char in chars:
            bare = char.rstrip(_PICTURE)
            name = unicodedata.name(bare, "")
            if not name or bare in told or "SKIN" in name or unicodedata.category(bare) == "Sk":
                continue
            told.add(bare)
            names = dict.fromkeys([*short.get(bare, []), _own(name)])
            yield f"{char} {' '.join(names)}" + (f"|{' '.join(korean[bare])}" if bare in korean else "")


def _words(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in re.split(r"[|\n]", text.strip()):
        char, *words = entry.split()
        found.setdefault(char.replace(_PICTURE, ""), []).extend(words)
    return found


def _codes(text: str) -> Iterator[int]:
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _own(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


if __name__ == "__main__":
    main()
