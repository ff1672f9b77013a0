-- A press on a message asks whether it is a card that an automation keeps.
create index card_place on channels.card (channel, ts);
