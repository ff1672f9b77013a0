"""Ten million mentions for the bench, made in ClickHouse, and the plain scan that a preview is held against."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from dure.kernel.folding import fold
from dure.kernel.tenant import Tenant
from dure.log.api import Log

PART = 1_000_000
DAYS = 90

# Words fall as one over their rank; a brand is in one of two hundred mentions, a rival in one of eighty.
FILL = f"""
insert into mention (workspace, at, part, mention, sign, network, language, intent, topic, kind, sentiment, rating,
                     reach, linked, spam, voice, author, handle, entities, folded)
with {{words:Array(String)}} as words
select {{workspace:String}},
       toDateTime({{end:UInt32}}, 'UTC') - toIntervalSecond(1 + cityHash64(number, 1) % {DAYS * 86400}),
       part, mention, 1,
       ['x', 'naver_blog', 'instagram', 'app_store', 'youtube', 'reddit'][1 + cityHash64(number, 2) % 6],
       if(cityHash64(number, 3) % 10 < 7, 'ko', 'en'),
       ['question', 'complaint', 'praise', 'other'][1 + cityHash64(number, 4) % 4],
       ['payment', 'app', 'crash', 'other'][1 + cityHash64(number, 5) % 4], 'post',
       toInt8(cityHash64(number, 6) % 3) - 1, 0,
       cityHash64(number, 7) % 10000, cityHash64(number, 8) % 8 = 0, cityHash64(number, 9) % 50 = 0,
       cityHash64(number, 10) % 3000000, concat(' ', words[1 + cityHash64(number, 11) % 3000], ' '),
       concat('h', toString(cityHash64(number, 10) % 3000000)), [],
       concat(' ', arrayStringConcat(arrayMap(i -> words[toUInt32(pow(toFloat64(length(words)),
           (cityHash64(number, 20 + i) % 1000000) / 1000000.))], range(8 + cityHash64(number, 12) % 10)), ' '),
           multiIf(cityHash64(number, 13) % 200 = 0, ' 소리마루에서',
                   cityHash64(number, 13) % 80 = 1, ' 파도라디오 wave', ''), ' ')
from (select number, toUInt8(cityHash64(number, 14) % 64) as part,
             reinterpretAsUUID(sipHash128(number)) as mention from numbers({{first:UInt64}}, {{count:UInt64}}))
"""
SCAN = """select countIf({condition}) from mention where workspace = {{workspace:String}}"""


def words(count: int = 20_000) -> list[str]:
    """Words as people write them about an audio service, then made-up ones, the commonest first."""
    lines = (Path(__file__).parents[1] / "told" / "sentences.txt").read_text("utf-8").splitlines()
    said = " ".join(line.rsplit("\t", 1)[-1] for line in lines if not line.startswith("#"))
    real = list(dict.fromkeys(fold(said).split()))
    chance = random.Random(1)
    syllables = [chr(chance.randrange(0xAC00, 0xD7A3)) for _ in range(400)]
    made = ("".join(chance.choices(syllables, k=chance.choice((2, 2, 3, 3, 4)))) for _ in itertools.count())
    latin = ("".join(chance.choices("etaoinshrdlu", k=chance.randrange(3, 9))) for _ in itertools.count())
    mixed = itertools.chain(real, (next(latin) if n % 4 == 0 else next(made) for n in itertools.count()))
    return list(itertools.islice(dict.fromkeys(itertools.islice(mixed, count * 2)), count))


async def fill(log: Log, tenant: Tenant, count: int, end: int) -> None:
    """So many mentions of the ninety days before `end`."""
    for first in range(0, count, PART):
        bound = {"words": words(), "end": end, "first": first, "count": min(PART, count - first)}
        settings = {"max_insert_threads": 2, "max_block_size": 65_536, "min_insert_block_size_rows": 1_000_000,
                    "max_query_size": 10_000_000}  # fmt: skip
        await log.change(tenant, FILL, bound, settings=settings)
