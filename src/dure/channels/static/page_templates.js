// What a shared channel's page may begin with, in both languages: agenda, topics, good manners.
export const TEMPLATES = {
  ko: {
    name: '안건 · 주제 · 지킬 것',
    title: '함께 일하는 방법',
    body: `## 이번 주 안건

- [ ] 지난주 결과 함께 보기
- [ ] 이번 주에 정할 것
- [ ] 다음 일정 확인

## 이 채널에서 이야기하는 것

- 진행 상황과 일정
- 소재와 문구 검토
- 결과와 다음 제안

계약과 비용은 담당자끼리 따로 이야기합니다.

## 서로 지킬 것

- 한 가지 주제는 **한 스레드**에서 이야기합니다.
- 근무 시간에는 한 시간 안에 답합니다. 늦어지면 언제 답할지 먼저 알립니다.
- 급한 일은 사람을 부르고, 급하지 않으면 부르지 않습니다.
- 파일에는 무엇인지 알 수 있는 이름을 붙입니다.
- 정한 것은 이 페이지에 적습니다.

## 누가 무엇을 맡나요

| 일 | 우리 쪽 | 상대 쪽 |
| --- | --- | --- |
| 일정 | | |
| 소재 | | |
| 결과 | | |
`,
  },
  en: {
    name: 'Agenda · topics · good manners',
    title: 'How we work together',
    body: `## This week's agenda

- [ ] Look at last week's results together
- [ ] Decide what is open this week
- [ ] Check the next dates

## What we talk about here

- Progress and dates
- Review of creatives and copy
- Results and what we suggest next

Contracts and costs are for the people in charge, elsewhere.

## Good manners

- One topic, **one thread**.
- In working hours we answer within an hour. If it takes longer, we say when.
- Mention somebody when it is urgent, and only then.
- Give files a name that says what they are.
- What was decided is written on this page.

## Who does what

| What | On our side | On yours |
| --- | --- | --- |
| Dates | | |
| Creatives | | |
| Results | | |
`,
  },
};
