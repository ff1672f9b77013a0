"""Who entered and left a segment, as the log has it: SQL on ClickHouse."""

# The newest moves before a place in their order.
NEWEST = """
select e.event = 'Segment Entered' as entered, e.person as person, e.time as time, e.message_id as message_id
from events as e
where e.workspace = {workspace:String} and e.event in ('Segment Entered', 'Segment Left')
  and e.object_type = 'segment' and e.object = {segment:String}
  and (e.time, e.message_id) < ({time:DateTime64(6, 'UTC')}, {message:String})
order by e.time desc, e.message_id desc limit {limit:UInt32}
"""
# How many entered and left on each day of a zone; the first computation is nobody's coming.
BY_DAY = """
select toDate(e.time, {zone:String}) as day,
       uniqExactIf(e.message_id, e.event = 'Segment Entered' and not ifNull(e.properties.first.:Bool, false))
           as entered,
       uniqExactIf(e.message_id, e.event = 'Segment Left') as left
from events as e
where e.workspace = {workspace:String} and e.event in ('Segment Entered', 'Segment Left')
  and e.object_type = 'segment' and e.object = {segment:String} and e.time > {since:DateTime64(6, 'UTC')}
group by day order by day
"""
# Those of these people whom the log has seen, under whichever id.
SEEN = """
select distinct e.person from events as e
where e.workspace = {workspace:String} and e.person in {people:Array(UUID)}
"""
