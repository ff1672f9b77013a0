"""The whole story, chapter by chapter: told by `dure demo`, read back from the doors."""

from __future__ import annotations

import re

import pytest
from slack_sdk.audit_logs import AuditLogsClient

from tests.story.conftest import Company
from tests.web.browser import Browser


def test_1_web_and_app_anonymous_and_signed_in_are_one_persons_timeline(company: Company) -> None:
    facts = company.chapter(1)
    assert facts["timeline"] == ["Page Viewed", "Signed Up", "Listen Started", "Listen Ended"]
    assert facts["ids"] == ["anon-haneul", "u-haneul"]
    assert facts["sources"] == ["app", "web"]
    assert facts["history_events"] > 600_000


def test_2_a_funnel_a_retention_table_and_a_trend_answer(company: Company) -> None:
    facts = company.chapter(2)
    assert facts["funnel"] == sorted(facts["funnel"], reverse=True)
    assert 0.1 < facts["day_7"] < 0.35
    assert all(week > 0 for week in facts["weekly_listeners"])


def test_2_a_funnel_is_built_by_typing_and_a_number_opened(signed_in: Browser, company: Company) -> None:
    signed_in.open(f"{company.url}/analytics")
    signed_in.sees("Weekly listeners")
    signed_in.click(".mx-tile:first-child button.bd-value")
    signed_in.sees("Listen Started", "dialog .table")
    assert signed_in.complaints() == []


def test_3_at_25_percent_a_deal_gets_its_room_its_team_and_its_brief(company: Company) -> None:
    facts = company.chapter(3)
    assert facts["channel"].startswith("#deal-")
    assert facts["team"] >= 3
    assert facts["deal"] in facts["brief"]


def test_3_moved_by_key_on_the_board_a_deal_gets_its_room(signed_in: Browser, company: Company) -> None:
    before = {room["name"] for room in company.slack().conversations_list(limit=200)["channels"]}
    signed_in.open(f"{company.url}/deals")
    signed_in.until(lambda: signed_in.all("[data-row], .deals-card"), "the board shows no cards")
    signed_in.press("j")
    signed_in.press("]")

    def opened() -> bool:
        rooms = {room["name"] for room in company.slack().conversations_list(limit=200)["channels"]}
        return any(name.startswith("deal-") for name in rooms - before)

    signed_in.until(opened, "no room opened for the deal that was moved")
    assert signed_in.complaints() == []


def test_4_only_line_items_in_trouble_get_a_card_and_each_gets_one(company: Company) -> None:
    facts = company.chapter(4)
    assert (len(facts["at_risk"]), len(facts["not_launched"]), facts["healthy_without_card"]) == (5, 3, 78)


def test_4_the_pacing_screen_and_the_campaigns_room_say_the_same(signed_in: Browser, company: Company) -> None:
    name = company.chapter(4)["at_risk"][0]
    signed_in.open(f"{company.url}/pacing")
    signed_in.sees("At risk")
    signed_in.sees(name.split(" · ")[0])
    items = company.http.get("/api/v1/line-items").json()["line_items"]
    room = next(item["channel"] for item in items if item["name"] == name)
    signed_in.open(f"{company.url}/channels/{room}")
    signed_in.sees("At risk")
    assert signed_in.complaints() == []


def test_5_half_are_met_by_mail_and_the_result_has_an_interval(company: Company) -> None:
    facts = company.chapter(5)
    assert facts["mails_by_smtp"] == facts["sent"]
    assert 0.35 < facts["sent"] / (facts["sent"] + facts["held_back"]) < 0.65
    low, high = facts["interval"]
    assert low < facts["difference"] < high


def test_6_a_segment_is_handed_over_with_its_control_kept(company: Company) -> None:
    facts = company.chapter(6)
    assert facts["treated"] + facts["control"] == facts["size"]
    assert facts["channel"] == "#marketing"


def test_7_the_response_clock_warns_and_stops_at_the_answer(company: Company) -> None:
    facts = company.chapter(7)
    assert facts["warned"]
    assert facts["answered_after_minutes"] < facts["standard_minutes"]


def test_8_a_spike_of_mentions_lands_in_the_channels_that_can_act(company: Company) -> None:
    facts = company.chapter(8)
    assert facts["topic"] == "payment"
    assert facts["seen"] > 5 * max(facts["expected"], 1)
    assert facts["channels"] == ["#product", "#care"]
    assert facts["examples"] == 3


def test_9_five_teams_share_one_board_and_every_number_opens(company: Company) -> None:
    facts = company.chapter(9)
    assert set(facts["teams"]) >= {"product", "marketing", "sales", "ad_ops", "social"}
    assert all(count > 0 for count in facts["events_behind"].values())


def test_9_the_week_of_the_board_is_posted_when_there_is_one(company: Company) -> None:
    rooms = company.http.get("/api/v1/channels").json()["channels"]
    product = next(room["id"] for room in rooms if room["name"] == "product")
    said = company.http.get(f"/api/v1/channels/{product}/messages").json()["messages"]
    listeners = [re.search(r"주간 청취자 ([\d,]+)", one["text"]) for one in said if one["text"].startswith("다섯 팀")]
    assert listeners
    assert all(one and int(one[1].replace(",", "")) > 1000 for one in listeners)


def test_10_a_campaign_is_carried_from_its_pitch_to_a_set_up_that_a_second_person_checked(company: Company) -> None:
    facts = company.chapter(10)
    assert facts["set_up"] == "approved"
    asked = " ".join(facts["asked"])
    assert all(what in asked for what in ("제안 브리프", "제안을 승인할까요", "인서션 오더", "소재를 승인할까요"))
    # Whoever set it up said yes first, was refused, and somebody else was asked.
    assert asked.count("세팅 확인") == 2
    assert {task.split(":")[0] for task in facts["tasks"]} == {
        "제안서 쓰기 Write the proposal", "킥오프 회의 잡기 Plan the kick-off"}  # fmt: skip


def test_10_a_dozen_recipes_have_something_to_show_in_the_companys_past(company: Company) -> None:
    shown = 0
    for recipe in ("deal-room", "proposal-approval", "contract-chase", "won-handover", "lost-reason", "lost-revive",
                   "pacing-alert", "launch-check", "flight-end", "wrap-up", "creative-checked", "trafficking-qa",
                   "mention-to-care", "mention-open-deal", "spike-alert", "segment-handover-card"):  # fmt: skip
        answer = company.http.post(f"/api/v1/automations/recipes/{recipe}/preview", json={})
        assert answer.status_code == 200, answer.text
        seen = answer.json()
        shown += not seen["sample"] and seen["started"] > 0
        assert [run["error"] for run in seen["runs"] if run["status"] == "failed"] == [], recipe
    assert shown >= 12


def test_11_everybody_is_in_one_stage_and_the_map_has_a_past(company: Company) -> None:
    facts = company.chapter(11)
    stages = ("not_signed_up", "new", "activated", "current", "resurrected", "at_risk", "dormant", "churned")
    assert sum(facts[stage] for stage in stages) == facts["people"]
    assert all(facts[stage] > 100 for stage in stages)
    assert (facts["in_none"], facts["in_two"]) == (0, 0)


def test_12_a_segment_knows_who_came_and_who_went(company: Company) -> None:
    facts = company.chapter(12)
    assert facts["entered"] > 0 < facts["left"]
    assert len(facts["twelve_weeks"]) == 13


def test_13_a_score_is_tested_at_three_dates_and_its_list_handed_over(company: Company) -> None:
    facts = company.chapter(13)
    assert facts["tested_at"] >= 3
    assert 0.6 < facts["auc"]["model"] < 1
    assert facts["treated"] + facts["control"] == facts["segment"]
    assert str(facts["segment"]) in facts["posted"]


def test_14_a_flag_is_told_at_posthogs_door_and_its_experiment_has_a_verdict(company: Company) -> None:
    facts = company.chapter(14)
    assert facts["verdict"] in ("better", "careful")
    assert facts["difference"][1] > 0


def test_15_a_journey_was_agreed_to_by_a_second_person_and_has_a_result(company: Company) -> None:
    facts = company.chapter(15)
    assert (facts["approved_by"], facts["own_word"]) == ("dohyun.nam", "refused")
    assert facts["dry_run"]["send"] + facts["dry_run"]["hold"] <= facts["audience"]
    assert facts["still_waiting_for"] > 0
    assert facts["interval"][0] < facts["returned_after_letter"] - facts["returned_alone"] < facts["interval"][1]


def test_16_a_demand_test_narrows_from_sent_to_interested(company: Company) -> None:
    steps = list(company.chapter(16)["funnel"].values())
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] > 0


def test_17_letters_name_what_their_reader_likes(company: Company) -> None:
    facts = company.chapter(17)
    assert facts["of_a_genre_they_like"] > 0.5
    assert len(facts["blend"]) == 3


def test_18_three_sources_are_heard_each_by_its_own_protocol(company: Company) -> None:
    facts = company.chapter(18)
    assert (facts["by_the_forums_api"], facts["edited"], facts["by_webhook"]) == (3, 1, 1)
    assert facts["unsigned_call"] == 403
    assert (facts["by_sheet"], facts["again"]) == (2, 0)


def test_19_a_query_is_tried_kept_and_a_spike_says_why(company: Company) -> None:
    facts = company.chapter(19)
    assert facts["past_labelled"] >= facts["would_have_caught"] > 30
    assert "결제" in facts["spike_words"]
    assert 0 < facts["share_of_voice"]["나루라디오"] < 0.5 < facts["share_of_voice"]["소리마루"]


def test_20_cards_are_taken_and_sent_on_and_the_router_learns(company: Company) -> None:
    facts = company.chapter(20)
    assert (facts["accepted_in"], facts["moved_to"]) == ("#care", "#product")
    was, now, decided = facts["right_of_decided"]
    assert was < now <= decided


def test_21_an_idea_has_who_asked_and_the_deals_open_with_them(company: Company) -> None:
    facts = company.chapter(21)
    assert facts["asked_in"] == {"mention": 2, "sales": 1}
    assert "윤하늘" in facts["asked_by"]
    assert facts["votes"] == 3
    assert sum(facts["open_deals"].values()) > 0


def test_22_mentions_and_links_lead_to_sign_ups(company: Company) -> None:
    facts = company.chapter(22)
    assert facts["people"] == sorted(facts["people"], reverse=True)
    assert facts["first_touch"]["linked discourse"] == 1
    assert facts["hours_saved"] > 0


def test_23_a_complaint_is_answered_where_it_was_made_and_in_time(company: Company) -> None:
    facts = company.chapter(23)
    assert facts["second_hears"] == "conflict"
    assert 0 < facts["answered_after_minutes"] < facts["promised_minutes"]
    assert facts["state"] == "resolved"


def test_24_a_post_needs_a_second_word_and_has_its_tags(company: Company) -> None:
    facts = company.chapter(24)
    assert facts["own_word"] == 403
    assert facts["tags"] == {"utm_source": "discourse", "utm_medium": "social", "utm_campaign": "lyrics"}


def test_25_clicks_of_employees_of_the_brand_and_of_machines_are_told_apart(company: Company) -> None:
    facts = company.chapter(25)
    assert (facts["clicks_of_employees"], facts["clicks_of_the_brand"], facts["fetched_by_machines"]) == (2, 1, 1)


def test_21_the_board_of_ideas_shows_who_asked(signed_in: Browser, company: Company) -> None:
    signed_in.open(f"{company.url}/ideas")
    signed_in.click(".idea-card", company.chapter(21)["idea"])
    signed_in.sees("윤하늘", ".idea-detail")
    assert signed_in.complaints() == []


@pytest.mark.parametrize(
    "path",
    ["/", "/analytics", "/explore", "/channels/all", "/deals", "/pacing", "/social",
     "/social/sources", "/social/reader", "/listening", "/routing", "/ideas", "/inbox", "/publishing", "/advocacy",
     "/automations", "/people",
     "/segments", "/stages", "/scores", "/experiments", "/feature-flags", "/campaigns", "/demand-tests",
     "/recommendations", "/sending", "/sources", "/admin"],
)  # fmt: skip
def test_every_screen_shows_the_companys_data_without_a_complaint(
    signed_in: Browser, company: Company, path: str
) -> None:
    signed_in.open(f"{company.url}{path}")
    signed_in.until(lambda: not signed_in.all(".skel"), f"{path} still shows where its content will be")
    assert not signed_in.all(".failed"), f"{path} failed: {signed_in.text('.failed')}"
    assert signed_in.complaints() == []


def test_26_a_customers_rooms_have_a_charter_numbers_and_one_page(company: Company) -> None:
    facts = company.chapter(26)
    assert set(facts["channels"]) >= {"launch", "pricing"}
    assert facts["charter_read_by_the_customer"]
    assert facts["open_questions"] >= 1
    assert facts["outside"] >= 1
    assert facts["posted"] == 2
    assert facts["customers"] >= 40


def test_26_the_customers_page_opens_from_the_list(signed_in: Browser, company: Company) -> None:
    name = company.chapter(26)["customer"]
    signed_in.open(f"{company.url}/customers")
    signed_in.type("input[type=search]", name)
    signed_in.click(".table tbody tr", name)
    signed_in.sees("Open questions", ".cu")
    signed_in.sees("다음 주 런칭 일정", ".cu")
    assert signed_in.complaints() == []


def test_27_a_partners_company_shares_a_channel_by_the_consent_of_both(company: Company) -> None:
    facts = company.chapter(27)
    assert facts["invited"].endswith(".example")
    assert facts["channel"] != facts["their_name"]
    assert "금요일까지" in facts["seen_at_ours"]
    assert "금요일 오전까지" in facts["seen_at_theirs"]


def test_27_connections_show_the_partner_and_both_names(company: Company) -> None:
    facts = company.chapter(27)
    shared = company.http.get("/api/v1/channels/connections").json()["organisations"]
    partner = next(one for one in shared if one["name"] == facts["partner"])
    room = next(one for one in partner["channels"] if f"#{one['name']}" == facts["channel"])
    assert (room["home"], room["limited"], len(partner["channels"])) == (True, False, facts["shared_with_them"])


def test_28_only_numbers_with_the_right_check_digit_are_stopped(company: Company) -> None:
    facts = company.chapter(28)
    assert (facts["stopped"], facts["writer_hears"]) == (2, "restricted_action")
    assert [text[-1] for text in facts["went_through"]] == ["7", "2"]
    assert (facts["removed"], facts["own_word"], facts["still_waiting"]) == ("removed", 403, 1)
    seen = company.http.get("/api/v1/guards/violations", params={"state": "waiting"}).json()["violations"]
    assert any("주민등록번호는 ••••••-•••••••" in one["excerpt"] for one in seen)
    assert "1000006" not in str(seen)


def test_29_every_change_has_one_entry_in_the_trail_of_whom_it_concerns(company: Company) -> None:
    facts = company.chapter(29)
    shared = [f"external_shared_channel_{act}" for act in ("connected", "invite_accepted", "invite_approved",
                                                          "invite_sent")]  # fmt: skip
    assert sorted(facts["at_the_partners"]) == shared
    assert sorted(facts["actions"]) == [
        *shared, *["native_dlp_rule_action_applied"] * 2, "native_dlp_rule_created", "native_dlp_violation_deleted",
        "public_channel_created",
    ]  # fmt: skip
    assert facts["changes"] == facts["entries"] == 13
    assert facts["member_hears"] == "user_not_authorized"
    assert min(facts["verified"].values()) > 13


def test_29_slacks_client_reads_what_the_administrator_decided(company: Company) -> None:
    client = AuditLogsClient(company.told["token"], base_url=f"{company.url}/slack/audit/v1/")
    read = client.logs(action="native_dlp_violation_deleted").typed_body
    assert read
    entries = read.entries or []
    assert [entry.actor.user.email for entry in entries if entry.actor and entry.actor.user] == [company.told["email"]]
