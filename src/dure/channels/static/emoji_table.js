// Written by `python -m dure.channels.emoji_table`: the character, its names, Korean words.
export const TABLE = `#faces
☺️ white_smiling_face
😀 grinning grinning_face|웃음 활짝
😁 grin grinning_face_with_smiling_eyes|씩 웃음
😂 joy face_with_tears_of_joy|웃겨 눈물 폭소 ㅋㅋ
😃 smiley smiling_face_with_open_mouth|웃음 활짝
😄 smile smiling_face_with_open_mouth_and_smiling_eyes|미소 웃음
😅 sweat_smile smiling_face_with_open_mouth_and_cold_sweat|식은땀 머쓱
😆 laughing satisfied smiling_face_with_open_mouth_and_tightly_closed_eyes|크게웃음 하하
😇 innocent smiling_face_with_halo|천사
😈 smiling_face_with_horns
😉 wink winking_face|윙크
😊 blush smiling_face_with_smiling_eyes|수줍 기쁨 미소
😋 yum face_savouring_delicious_food|맛있 냠
😌 relieved relieved_face|안도 편안
😍 heart_eyes smiling_face_with_heart_shaped_eyes|반함 하트눈
😎 sunglasses smiling_face_with_sunglasses|멋짐 선글라스
😏 smirk smirking_face|씨익 음흉
😐 neutral_face|무표정
😑 expressionless expressionless_face|무념 어이없
😒 unamused_face
😓 sweat face_with_cold_sweat|땀
😔 pensive pensive_face|시무룩
😕 confused confused_face|혼란
😖 confounded_face
😗 kissing_face
😘 kissing_heart face_throwing_a_kiss|뽀뽀 키스
😙 kissing_face_with_smiling_eyes
😚 kissing_face_with_closed_eyes
😛 stuck_out_tongue face_with_stuck_out_tongue|메롱
😜 face_with_stuck_out_tongue_and_winking_eye
😝 face_with_stuck_out_tongue_and_tightly_closed_eyes
😞 disappointed disappointed_face|실망
😟 worried worried_face|걱정
😠 angry angry_face|화남
😡 rage pouting_face|분노 화남
😢 cry crying_face|눈물 슬픔
😣 persevering_face
😤 triumph face_with_look_of_triumph|씩씩
😥 disappointed_relieved disappointed_but_relieved_face
😦 frowning_face_with_open_mouth
😧 anguished_face
😨 fearful fearful_face|무서움
😩 weary weary_face|지침
😪 sleepy_face
😫 tired_face|피곤
😬 grimacing grimacing_face|민망 이악물
😭 sob loudly_crying_face|엉엉 펑펑 눈물 ㅠㅠ
😮 open_mouth face_with_open_mouth|놀람 오
😯 hushed hushed_face
😰 cold_sweat face_with_open_mouth_and_cold_sweat|불안
😱 scream face_screaming_in_fear|비명 충격
😲 astonished astonished_face|깜짝
😳 flushed flushed_face|당황 부끄
😴 sleeping sleeping_face|졸림 잠
😵 dizzy_face
😶 face_without_mouth
😷 face_with_medical_mask
😸 grinning_cat_face_with_smiling_eyes
😹 cat_face_with_tears_of_joy
😺 smiling_cat_face_with_open_mouth
😻 smiling_cat_face_with_heart_shaped_eyes
😼 cat_face_with_wry_smile
😽 kissing_cat_face_with_closed_eyes
😾 pouting_cat_face
😿 crying_cat_face
🙀 weary_cat_face
🙁 slightly_frowning_face|찡그림
🙂 slightly_smiling_face|미소 살짝
🙃 upside_down_face
🙄 face_with_rolling_eyes|눈굴림 글쎄
🙅 no_good face_with_no_good_gesture|안돼 금지
🙆 ok_woman face_with_ok_gesture|오케이 괜찮아
🙇 bow person_bowing_deeply|죄송 절 인사 감사
🙈 see_no_evil see_no_evil_monkey|못봄 원숭이
🙉 hear_no_evil hear_no_evil_monkey|못들음
🙊 speak_no_evil speak_no_evil_monkey|말못함
🤐 zipper_mouth_face
🤑 money_mouth_face
🤒 face_with_thermometer|열 아픔 병가
🤓 nerd_face|공부 안경
🤔 thinking_face thinking|생각 고민 흠
🤕 face_with_head_bandage|다침
🤖 robot_face|로봇 봇 자동
🤗 hugging_face hugs|포옹 안아
🤠 face_with_cowboy_hat
🤡 clown_face
🤢 nauseated_face|메스꺼움
🤣 rolling_on_the_floor_laughing rofl|데굴데굴 빵터짐
🤤 drooling_face
🤥 lying_face
🤦 face_palm|이마 어휴
🤧 sneezing_face
🤨 face_with_one_eyebrow_raised
🤩 grinning_face_with_star_eyes|감동 별눈
🤪 grinning_face_with_one_large_and_one_small_eye
🤫 shushing_face face_with_finger_covering_closed_lips|쉿 비밀
🤬 face_with_symbols_on_mouth serious_face_with_symbols_covering_mouth|욕
🤭 smiling_face_with_smiling_eyes_and_hand_covering_mouth
🤮 face_with_open_mouth_vomiting
🤯 exploding_head shocked_face_with_exploding_head|충격 머리폭발
🥰 smiling_face_with_3_hearts smiling_face_with_smiling_eyes_and_three_hearts|사랑 행복
🥱 yawning_face|하품
🥲 smiling_face_with_tear
🥳 face_with_party_horn_and_party_hat|파티 축하 신남
🥴 face_with_uneven_eyes_and_wavy_mouth
🥵 hot_face overheated_face|더움
🥶 cold_face freezing_face|추움
🥸 disguised_face
🥹 face_holding_back_tears
🥺 pleading_face face_with_pleading_eyes|애원 간절
🧐 face_with_monocle
🫠 melting_face|녹음 지침
🫡 saluting_face|경례 넵 알겠습니다
🫢 face_with_open_eyes_and_hand_over_mouth
🫣 face_with_peeking_eye
🫤 face_with_diagonal_mouth
🫥 dotted_line_face
🫦 biting_lip
🫧 bubbles
👹 japanese_ogre
👺 japanese_goblin
👻 ghost|유령 귀신
👽 extraterrestrial_alien
👾 alien_monster
👿 imp
💀 skull|해골 죽음
💩 hankey poop pile_of_poo|똥
#people
✌️ v victory_hand|브이 승리
✍️ writing_hand
☝️ point_up white_up_pointing_index|하나 위
🕵️ sleuth_or_spy|탐정
🖐️ raised_hand_with_fingers_splayed|손바닥
👊 facepunch punch fisted_hand_sign|주먹 펀치
👋 wave waving_hand_sign|안녕 인사 손
👌 ok_hand ok_hand_sign|오케이 좋아
👍 +1 thumbsup thumbs_up_sign|좋아요 최고 엄지 찬성 따봉
👎 -1 thumbsdown thumbs_down_sign|싫어요 반대
👏 clap clapping_hands_sign|박수 짝짝
👐 open_hands_sign
✊ fist raised_fist|주먹
✋ hand raised_hand|손 멈춤
🖕 reversed_hand_with_middle_finger_extended
🖖 raised_hand_with_part_between_middle_and_ring_fingers
🙋 raising_hand happy_person_raising_one_hand|손들기 저요 질문
🙌 raised_hands person_raising_both_hands_in_celebration|만세 하이파이브
🙍 person_frowning
🙎 person_with_pouting_face
🙏 pray person_with_folded_hands|감사 부탁 기도 제발
🤘 the_horns sign_of_the_horns|락
🤙 call_me_hand|전화
🤚 raised_back_of_hand
🤛 left_facing_fist
🤜 right_facing_fist
🤝 handshake|악수 협력 계약 합의
🤞 crossed_fingers hand_with_index_and_middle_fingers_crossed|행운 바람
🤟 i_love_you_hand_sign|사랑해
🤌 pinched_fingers
🤏 pinching_hand
🤲 palms_up_together
🤳 selfie
🫰 hand_with_index_finger_and_thumb_crossed
🫱 rightwards_hand
🫲 leftwards_hand
🫳 palm_down_hand
🫴 palm_up_hand
🫵 index_pointing_at_the_viewer
🫶 heart_hands|손하트
👀 eyes|눈 확인중 보는중
👁 eye
👂 ear
👃 nose
👄 mouth
👅 tongue
👆 point_up_2 white_up_pointing_backhand_index|위
👇 point_down white_down_pointing_backhand_index|아래
👈 point_left white_left_pointing_backhand_index|왼쪽
👉 point_right white_right_pointing_backhand_index|오른쪽
👦 boy
👧 girl
👨 man|남자
👩 woman|여자
👪 family|가족
👫 man_and_woman_holding_hands
👬 two_men_holding_hands
👭 two_women_holding_hands
👮 police_officer|경찰
👯 woman_with_bunny_ears
👰 bride_with_veil
👱 person_with_blond_hair
👲 man_with_gua_pi_mao
👳 man_with_turban
👴 older_man
👵 older_woman
👶 baby|아기
👷 construction_worker|작업자
👸 princess
👼 baby_angel
💁 information_desk_person|안내
💂 guardsman
💃 dancer|춤
💄 lipstick
💅 nail_polish
💆 face_massage
💇 haircut
💪 muscle flexed_biceps|힘 화이팅 파이팅 근육
🤰 pregnant_woman
🤱 breast_feeding
🤴 prince
🤵 man_in_tuxedo
🤶 mother_christmas
🤷 shrug|몰라 글쎄
🤸 person_doing_cartwheel
🤹 juggling
🦴 bone
🦵 leg
🦶 foot
🦷 tooth
🦸 superhero
🦹 supervillain
🧑 adult|사람
🧒 child
🧓 older_adult
🧔 bearded_person
🧕 person_with_headscarf
🧖 person_in_steamy_room
🧗 person_climbing
🧘 person_in_lotus_position
🧙 mage
🧚 fairy
🧛 vampire
🧜 merperson
🧝 elf
🧞 genie
🧟 zombie
🕺 man_dancing
💋 kiss kiss_mark|키스
👣 footprints
👤 bust_in_silhouette|사람
👥 busts_in_silhouette|사람들 팀
🫀 anatomical_heart
🫁 lungs
🫂 people_hugging|포옹 위로
🫃 pregnant_man
🫄 pregnant_person
🫅 person_with_crown
#nature
☀️ sunny black_sun_with_rays|해 맑음
☁️ cloud|구름 흐림
☄️ comet
❄️ snowflake|눈 겨울
☘️ shamrock
🐀 rat
🐁 mouse
🐂 ox
🐃 water_buffalo
🐄 cow
🐅 tiger
🐆 leopard
🐇 rabbit|토끼 빠름
🐈 cat
🐉 dragon
🐊 crocodile
🐋 whale
🐌 snail
🐍 snake
🐎 horse
🐏 ram
🐐 goat
🐑 sheep
🐒 monkey
🐓 rooster
🐔 chicken|닭
🐕 dog
🐖 pig
🐗 boar
🐘 elephant
🐙 octopus
🐚 spiral_shell
🐛 bug|벌레 버그 오류
🐜 ant
🐝 honeybee|벌 바쁨
🐞 lady_beetle
🐟 fish
🐠 tropical_fish
🐡 blowfish
🐢 turtle|거북이 느림
🐣 hatching_chick|병아리 시작
🐤 baby_chick
🐥 front_facing_baby_chick
🐦 bird
🐧 penguin|펭귄
🐨 koala
🐩 poodle
🐪 dromedary_camel
🐫 bactrian_camel
🐬 dolphin
🐭 mouse_face
🐮 cow_face
🐯 tiger_face|호랑이
🐰 rabbit_face
🐱 cat cat_face|고양이
🐲 dragon_face
🐳 spouting_whale|고래
🐴 horse_face
🐵 monkey_face|원숭이
🐶 dog dog_face|개 강아지
🐷 pig_face|돼지
🐸 frog_face|개구리
🐹 hamster_face
🐺 wolf_face
🐻 bear bear_face|곰
🐼 panda_face|판다
🐽 pig_nose
🐾 paw_prints
🐿 chipmunk
🦁 lion_face|사자
🦂 scorpion
🦃 turkey
🦄 unicorn_face|유니콘
🦅 eagle
🦆 duck
🦇 bat
🦈 shark
🦉 owl
🦊 fox_face
🦋 butterfly
🦌 deer
🦍 gorilla
🦎 lizard
🦏 rhinoceros
🦐 shrimp
🦑 squid
🦒 giraffe_face
🦓 zebra_face
🦔 hedgehog
🦕 sauropod
🦖 t_rex
🦗 cricket
🦘 kangaroo
🦙 llama
🦚 peacock
🦛 hippopotamus
🦜 parrot
🦝 raccoon
🦞 lobster
🦟 mosquito
🦠 microbe
🦡 badger
🦢 swan
🦣 mammoth
🦤 dodo
🦥 sloth
🦦 otter
🦧 orangutan
🦨 skunk
🦩 flamingo
🦪 oyster
🦫 beaver
🦬 bison
🦭 seal
🦮 guide_dog
🦯 probing_cane
🌰 chestnut
🌱 seedling|새싹 성장
🌲 evergreen_tree
🌳 deciduous_tree
🌴 palm_tree
🌵 cactus
🌷 tulip
🌸 cherry_blossom|벚꽃 봄
🌹 rose|장미
🌺 hibiscus
🌻 sunflower|해바라기
🌼 blossom
🌽 ear_of_maize
🌾 ear_of_rice
🌿 herb
🍀 four_leaf_clover|행운 네잎클로버
🍁 maple_leaf
🍂 fallen_leaf
🍃 leaf_fluttering_in_wind
🍄 mushroom
💐 bouquet
🌀 cyclone
🌁 foggy
🌂 closed_umbrella
🌃 night_with_stars
🌄 sunrise_over_mountains
🌅 sunrise
🌆 cityscape_at_dusk
🌇 sunset_over_buildings
🌈 rainbow|무지개
🌉 bridge_at_night
🌊 water_wave|파도 바다
🌋 volcano
🌌 milky_way
🌍 earth_globe_europe_africa|지구 세계
🌎 earth_globe_americas
🌏 earth_globe_asia_australia|아시아 지구
🌐 globe_with_meridians
🌑 new_moon_symbol
🌒 waxing_crescent_moon_symbol
🌓 first_quarter_moon_symbol
🌔 waxing_gibbous_moon_symbol
🌕 full_moon_symbol
🌖 waning_gibbous_moon_symbol
🌗 last_quarter_moon_symbol
🌘 waning_crescent_moon_symbol
🌙 crescent_moon|달 밤
🌚 new_moon_with_face
🌛 first_quarter_moon_with_face
🌜 last_quarter_moon_with_face
🌝 full_moon_with_face
🌞 sun_with_face
🌟 glowing_star
🌠 shooting_star
☔ umbrella_with_rain_drops umbrella|비 우산
⛄ snowman_without_snow|눈사람
⚡ zap high_voltage_sign|번개 빠름 자동화
⭐ star white_medium_star|별 즐겨찾기
✨ sparkles|반짝 새로운
🔥 fire|불 핫 대박
💧 droplet
🪰 fly
🪱 worm
🪲 beetle
🪳 cockroach
🪴 potted_plant
🪵 wood
🪶 feather
🪷 lotus
🪸 coral
🪹 empty_nest
🪺 nest_with_eggs
#food
☕️ coffee hot_beverage|커피 카페
🍅 tomato
🍆 aubergine
🍇 grapes|포도
🍈 melon
🍉 watermelon|수박
🍊 tangerine|귤
🍋 lemon
🍌 banana|바나나
🍍 pineapple
🍎 apple red_apple|사과
🍏 green_apple
🍐 pear
🍑 peach
🍒 cherries
🍓 strawberry|딸기
🍔 hamburger|햄버거
🍕 pizza slice_of_pizza|피자
🍖 meat_on_bone
🍗 poultry_leg|치킨 닭다리
🍘 rice_cracker
🍙 rice_ball
🍚 rice cooked_rice|밥 점심 식사
🍛 curry_and_rice
🍜 ramen steaming_bowl|라면 국수 점심
🍝 spaghetti
🍞 bread|빵
🍟 french_fries
🍠 roasted_sweet_potato
🍡 dango
🍢 oden
🍣 sushi|초밥
🍤 fried_shrimp
🍥 fish_cake_with_swirl_design
🍦 soft_ice_cream|아이스크림
🍧 shaved_ice
🍨 ice_cream
🍩 doughnut|도넛
🍪 cookie|쿠키
🍫 chocolate_bar|초콜릿
🍬 candy
🍭 lollipop
🍮 custard
🍯 honey_pot
🍰 cake shortcake|케이크
🍱 bento bento_box|도시락 점심
🍲 pot_of_food
🍳 cooking
🍴 fork_and_knife
🍵 teacup_without_handle|차 녹차
🍶 sake_bottle_and_cup
🍷 wine_glass|와인
🍸 cocktail_glass
🍹 tropical_drink
🍺 beer beer_mug|맥주
🍻 beers clinking_beer_mugs|건배 회식
🍼 baby_bottle
🍾 bottle_with_popping_cork|샴페인 축하
🍿 popcorn
🌭 hot_dog|핫도그
🌮 taco
🌯 burrito
🥐 croissant
🥑 avocado|아보카도
🥒 cucumber
🥓 bacon
🥔 potato
🥕 carrot
🥖 baguette_bread
🥗 green_salad|샐러드
🥘 shallow_pan_of_food
🥙 stuffed_flatbread
🥚 egg|달걀
🥛 glass_of_milk|우유
🥜 peanuts
🥝 kiwifruit
🥞 pancakes
🥟 dumpling
🥠 fortune_cookie
🥡 takeout_box
🥢 chopsticks
🥣 bowl_with_spoon
🥤 cup_with_straw
🥥 coconut
🥦 broccoli
🥧 pie
🥨 pretzel
🥩 cut_of_meat
🥪 sandwich|샌드위치
🥫 canned_food
🥬 leafy_green
🥭 mango
🥮 moon_cake
🥯 bagel
🧀 cheese_wedge|치즈
🧁 cupcake
🧂 salt_shaker
🧃 beverage_box
🧄 garlic
🧅 onion
🧆 falafel
🧇 waffle
🧈 butter
🧉 mate_drink
🧊 ice_cube
🧋 bubble_tea
🫐 blueberries
🫑 bell_pepper
🫒 olive
🫓 flatbread
🫔 tamale
🫕 fondue
🫖 teapot
🫗 pouring_liquid
🫘 beans
🫙 jar
🎀 ribbon
🎁 gift wrapped_present|선물
🎂 birthday birthday_cake|생일 축하
#activity
🎃 jack_o_lantern|핼러윈
🎄 christmas_tree|크리스마스
🎅 father_christmas|산타
🎆 fireworks|불꽃놀이
🎇 firework_sparkler
🎈 balloon|풍선
🎉 tada party_popper|축하 파티 폭죽
🎊 confetti_ball|축하 박터트리기
🎋 tanabata_tree
🎌 crossed_flags
🎍 pine_decoration
🎎 japanese_dolls
🎏 carp_streamer
🎐 wind_chime
🎑 moon_viewing_ceremony
🎒 school_satchel
🎓 mortar_board graduation_cap|졸업 학사모
🎠 carousel_horse
🎡 ferris_wheel
🎢 roller_coaster
🎣 fishing_pole_and_fish
🎤 microphone|마이크 녹음
🎥 movie_camera
🎦 cinema
🎧 headphones headphone|헤드폰 오디오
🎨 art artist_palette|디자인 미술 그림
🎩 top_hat
🎪 circus_tent
🎫 ticket
🎬 clapper clapper_board|영상 촬영 영화
🎭 performing_arts
🎮 video_game|게임
🎯 dart direct_hit|목표 과녁 타깃
🎰 slot_machine
🎱 billiards
🎲 game_die|주사위
🎳 bowling
🎴 flower_playing_cards
🎵 musical_note|음악 노래 음표
🎶 multiple_musical_notes
🎷 saxophone
🎸 guitar|기타
🎹 musical_keyboard|피아노
🎺 trumpet|트럼펫
🎻 violin|바이올린
🎼 musical_score|악보
🎽 running_shirt_with_sash
🎾 tennis_racquet_and_ball
🎿 ski_and_ski_boot
🏀 basketball basketball_and_hoop|농구
🏁 checkered_flag chequered_flag|결승 끝 마감
🏂 snowboarder
🏃 runner running|달리기 서둘러
🏄 surfer
🏅 sports_medal
🏆 trophy|우승 트로피 수상
🏈 american_football
🏉 rugby_football
🏊 swimmer
🏏 cricket_bat_and_ball
🏐 volleyball
🏑 field_hockey_stick_and_ball
🏒 ice_hockey_stick_and_puck
🏓 table_tennis_paddle_and_ball
🏸 badminton_racquet_and_shuttlecock
🏹 bow_and_arrow
🏺 amphora
⚽ soccer soccer_ball|축구
⚾ baseball|야구
🤺 fencer
🤼 wrestlers
🤽 water_polo
🤾 handball
🤿 diving_mask
🥀 wilted_flower
🥁 drum_with_drumsticks|드럼
🥂 clinking_glasses|건배 축배
🥃 tumbler_glass
🥄 spoon
🥅 goal_net
🥇 first_place_medal|금메달 일등
🥈 second_place_medal|은메달 이등
🥉 third_place_medal|동메달 삼등
🥊 boxing_glove
🥋 martial_arts_uniform
🥌 curling_stone
🥍 lacrosse_stick_and_ball
🥎 softball
🥏 flying_disc
🧩 jigsaw_puzzle_piece|퍼즐 조각
🪀 yo_yo
🪁 kite
🪂 parachute
🏇 horse_racing
#travel
✈️ airplane|비행기 출장 여행
🏔️ snow_capped_mountain|산
🏕️ camping
🏖️ beach_with_umbrella|해변 휴가
🏗️ building_construction
🏘️ house_buildings
🏙️ cityscape
🏚️ derelict_house_building
🏛️ classical_building
🏜️ desert
🏝️ desert_island
🏞️ national_park
🏟️ stadium
🚀 rocket|로켓 출시 런칭 배포
🚁 helicopter
🚂 steam_locomotive
🚃 railway_car
🚄 high_speed_train
🚅 high_speed_train_with_bullet_nose
🚆 train
🚇 metro|지하철
🚈 light_rail
🚉 station
🚊 tram
🚋 tram_car
🚌 bus|버스
🚍 oncoming_bus
🚎 trolleybus
🚏 bus_stop
🚐 minibus
🚑 ambulance
🚒 fire_engine
🚓 police_car
🚔 oncoming_police_car
🚕 taxi|택시
🚖 oncoming_taxi
🚗 car red_car automobile|자동차
🚘 oncoming_automobile
🚙 recreational_vehicle
🚚 delivery_truck
🚛 articulated_lorry
🚜 tractor
🚝 monorail
🚞 mountain_railway
🚟 suspension_railway
🚠 mountain_cableway
🚡 aerial_tramway
🚢 ship
🚣 rowboat
🚤 speedboat
🚥 horizontal_traffic_light
🚦 vertical_traffic_light
🚧 construction construction_sign|공사중 작업중
🚨 rotating_light police_cars_revolving_light|비상 긴급 경보 사이렌
🚩 triangular_flag_on_post|깃발 신고
🚪 door
🚫 no_entry_sign
🚬 smoking_symbol
🚭 no_smoking_symbol
🚮 put_litter_in_its_place_symbol
🚯 do_not_litter_symbol
🚰 potable_water_symbol
🚱 non_potable_water_symbol
🚲 bicycle|자전거
🚳 no_bicycles
🚴 bicyclist
🚵 mountain_bicyclist
🚶 pedestrian
🚷 no_pedestrians
🚸 children_crossing
🚹 mens_symbol
🚺 womens_symbol
🚻 restroom
🚼 baby_symbol
🚽 toilet
🚾 water_closet
🚿 shower
🛀 bath
🛁 bathtub
🛂 passport_control
🛃 customs
🛄 baggage_claim
🛅 left_luggage
🛑 octagonal_sign|정지 멈춤
🛒 shopping_trolley|장바구니 쇼핑
🛕 hindu_temple
🛖 hut
🛗 elevator
🛫 airplane_departure
🛬 airplane_arriving
🛴 scooter
🛵 motor_scooter
🛶 canoe
🛷 sled
🛸 flying_saucer
🛹 skateboard
🛺 auto_rickshaw
🛻 pickup_truck
🛼 roller_skate
🏠 house house_building|집 재택
🏡 house_with_garden
🏢 office office_building|회사 사무실
🏣 japanese_post_office
🏤 european_post_office
🏥 hospital|병원
🏦 bank|은행
🏧 automated_teller_machine
🏨 hotel
🏩 love_hotel
🏪 convenience_store
🏫 school|학교
🏬 department_store
🏭 factory
🏮 izakaya_lantern
🏯 japanese_castle
🏰 european_castle
🗻 mount_fuji
🗼 tokyo_tower
🗽 statue_of_liberty
🗾 silhouette_of_japan
🗿 moyai
⛪ church
⛲ fountain
⛳ flag_in_hole
⛵ sailboat
⛺ tent|캠핑
⛽ fuel_pump
#objects
✉️ envelope email_envelope|편지 메일
✏️ pencil2 pencil|연필 수정
☎️ black_telephone
⚖️ scales|저울 법무
⚙️ gear|설정 톱니
✂️ scissors black_scissors|가위
⌨️ keyboard
🖥️ desktop_computer|모니터
🖨️ printer|프린터
🗑️ wastebasket|휴지통 삭제
🗓️ spiral_calendar_pad|달력 일정
🎙️ studio_microphone|마이크 방송
🛠️ hammer_and_wrench|도구 작업
🕯️ candle
🕰️ mantelpiece_clock
🖌️ lower_left_paintbrush
🗂️ card_index_dividers|분류 파일
🗃️ card_file_box
🗄️ file_cabinet
🛍️ shopping_bags
🛎️ bellhop_bell
🛏️ bed
⌚ watch|시계
⌛ hourglass|모래시계
⏰ alarm_clock|알람 시간
⏳ hourglass_flowing_sand hourglass_with_flowing_sand|대기 모래시계 진행중
👑 crown|왕관
👒 womans_hat
👓 eyeglasses
👔 necktie
👕 t_shirt
👖 jeans
👗 dress
👘 kimono
👙 bikini
👚 womans_clothes
👛 purse
👜 handbag
👝 pouch
👞 mans_shoe
👟 athletic_shoe
👠 high_heeled_shoe
👡 womans_sandal
👢 womans_boots
💈 barber_pole
💉 syringe
💊 pill|약
💌 love_letter
💍 ring
💎 gem gem_stone|보석 다이아
💏 kiss
💡 bulb electric_light_bulb|전구 아이디어 생각
💢 anger_symbol
💣 bomb
💰 moneybag money_bag|돈 예산 매출 수익
💱 currency_exchange
💲 heavy_dollar_sign
💳 credit_card|카드 결제
💴 banknote_with_yen_sign
💵 dollar banknote_with_dollar_sign|달러 돈
💶 banknote_with_euro_sign
💷 banknote_with_pound_sign
💸 money_with_wings
💹 chart_with_upwards_trend_and_yen_sign
💺 seat
💻 computer personal_computer|노트북 컴퓨터
💼 briefcase
💽 minidisc
💾 floppy_disk|저장 디스크
💿 optical_disc
📀 dvd
📁 file_folder|폴더
📂 open_file_folder
📃 page_with_curl
📄 page_facing_up|문서 서류
📅 date calendar|날짜 달력
📆 calendar tear_off_calendar|일정 달력
📇 card_index
📈 chart_with_upwards_trend|상승 증가 성장 그래프
📉 chart_with_downwards_trend|하락 감소 그래프
📊 bar_chart|막대 차트 통계 보고
📋 clipboard|목록 체크리스트
📌 pushpin|고정 핀 중요
📍 round_pushpin
📎 paperclip|첨부 클립
📏 straight_ruler
📐 triangular_ruler
📑 bookmark_tabs
📒 ledger
📓 notebook
📔 notebook_with_decorative_cover
📕 closed_book
📖 book open_book|책 읽기
📗 green_book
📘 blue_book
📙 orange_book
📚 books|책 공부
📛 name_badge
📜 scroll
📝 memo pencil|메모 기록 회의록
📞 telephone_receiver|전화
📟 pager
📠 fax_machine|팩스
📡 satellite_antenna|안테나
📢 loudspeaker public_address_loudspeaker|공지 알림 안내
📣 mega cheering_megaphone|홍보 확성기 캠페인
📤 outbox_tray
📥 inbox_tray
📦 package|상자 택배 배송
📧 email e-mail e_mail_symbol|메일 이메일
📨 incoming_envelope
📩 envelope_with_downwards_arrow_above
📪 closed_mailbox_with_lowered_flag
📫 closed_mailbox_with_raised_flag
📬 open_mailbox_with_raised_flag
📭 open_mailbox_with_lowered_flag
📮 postbox
📯 postal_horn
📰 newspaper
📱 iphone mobile_phone|휴대폰 전화 앱
📲 mobile_phone_with_rightwards_arrow_at_left
📳 vibration_mode
📴 mobile_phone_off
📵 no_mobile_phones
📶 antenna_with_bars
📷 camera|사진 카메라
📸 camera_with_flash
📹 video_camera
📺 television|텔레비전 방송
📻 radio|라디오
📼 videocassette
📿 prayer_beads
🔋 battery|배터리
🔌 electric_plug|플러그
🔍 mag left_pointing_magnifying_glass|검색 찾기 돋보기
🔎 mag_right right_pointing_magnifying_glass
🔏 lock_with_ink_pen
🔐 closed_lock_with_key
🔑 key|열쇠 키
🔒 lock|잠금 비밀 보안
🔓 open_lock
🔔 bell|알림 종
🔕 bell_with_cancellation_stroke
🔖 bookmark
🔗 link link_symbol|링크 연결
🔘 radio_button
🔦 electric_torch
🔧 wrench|수리 렌치 설정
🔨 hammer|망치
🔩 nut_and_bolt
🔪 hocho
🔫 pistol
🔬 microscope
🔭 telescope
🔮 crystal_ball|예측 점
🛐 place_of_worship
🪃 boomerang
🪄 magic_wand|마법
🪅 pinata
🪆 nesting_dolls
🧠 brain|뇌 지능
🧡 orange_heart|주황하트
🧢 billed_cap
🧣 scarf
🧤 gloves
🧥 coat
🧦 socks
🧧 red_gift_envelope|세뱃돈 용돈
🧨 firecracker
🧪 test_tube|실험 테스트
🧫 petri_dish
🧬 dna_double_helix
🧭 compass
🧮 abacus
🧯 fire_extinguisher|소화기 진화
🧰 toolbox
🧱 brick
🧲 magnet
🧳 luggage
🧴 lotion_bottle
🧵 spool_of_thread
🧶 ball_of_yarn
🧷 safety_pin
🧸 teddy_bear
🧹 broom|청소 정리
🧺 basket
🧻 roll_of_paper
🧼 bar_of_soap
🧽 sponge
🧾 receipt
🧿 nazar_amulet
🩰 ballet_shoes
🩱 one_piece_swimsuit
🩲 briefs
🩳 shorts
🩴 thong_sandal
🩸 drop_of_blood
🩹 adhesive_bandage
🩺 stethoscope
🩻 x_ray
🩼 crutch
🪐 ringed_planet
🪑 chair
🪒 razor
🪓 axe
🪔 diya_lamp
🪕 banjo
🪖 military_helmet
🪗 accordion
🪘 long_drum
🪙 coin
🪚 carpentry_saw
🪛 screwdriver
🪜 ladder
🪝 hook
🪞 mirror
🪟 window
🪠 plunger
🪡 sewing_needle
🪢 knot
🪣 bucket
🪤 mouse_trap
🪥 toothbrush
🪦 headstone
🪧 placard
🪨 rock
🪩 mirror_ball
🪪 identification_card
🪫 low_battery
🪬 hamsa
#symbols
❤️ heart heavy_black_heart|하트 사랑 빨간하트
❣️ heavy_heart_exclamation_mark_ornament
⚠️ warning warning_sign|주의 경고
✔️ heavy_check_mark|체크 확인
✖️ heavy_multiplication_x
➡️ arrow_right black_rightwards_arrow|오른쪽 다음
⬅️ arrow_left leftwards_black_arrow|왼쪽 이전
⬆️ arrow_up upwards_black_arrow|위 상향
⬇️ arrow_down downwards_black_arrow|아래 하향
ℹ️ information_source|정보 안내
♻️ recycle black_universal_recycling_symbol|재활용
▶️ arrow_forward black_right_pointing_triangle|재생 시작
⏸️ double_vertical_bar|일시정지 보류
™️ trade_mark_sign
💓 beating_heart
💔 broken_heart|이별 상심
💕 two_hearts
💖 sparkling_heart
💗 growing_heart
💘 cupid heart_with_arrow
💙 blue_heart|파란하트
💚 green_heart|초록하트
💛 yellow_heart|노란하트
💜 purple_heart|보라하트
💝 heart_with_ribbon
💞 revolving_hearts
💟 heart_decoration
🖤 black_heart|검은하트
🤍 white_heart|하얀하트
🤎 brown_heart
💤 zzz sleeping_symbol|잠 쿨쿨
💥 boom collision collision_symbol|폭발 쾅
💦 sweat_drops splashing_sweat_symbol|땀 물
💨 dash_symbol
💫 dizzy_symbol
💬 speech_balloon|대화 말풍선
💭 thought_balloon
💮 white_flower
💯 100 hundred_points_symbol|백점 만점 인정
✅ white_check_mark white_heavy_check_mark|완료 확인 체크
❌ x cross_mark|엑스 취소 안됨 아니오
❎ negative_squared_cross_mark
❓ question black_question_mark_ornament|질문 물음표
❔ white_question_mark_ornament
❕ white_exclamation_mark_ornament
❗ exclamation heavy_exclamation_mark heavy_exclamation_mark_symbol|느낌표 중요
➕ heavy_plus_sign|더하기 추가
➖ heavy_minus_sign|빼기
➗ heavy_division_sign
⚪ white_circle medium_white_circle
⚫ black_circle medium_black_circle
⛔ no_entry|금지 출입금지
⭕ heavy_large_circle
🔀 twisted_rightwards_arrows
🔁 repeat clockwise_rightwards_and_leftwards_open_circle_arrows|반복
🔂 clockwise_rightwards_and_leftwards_open_circle_arrows_with_circled_one_overlay
🔃 clockwise_downwards_and_upwards_open_circle_arrows
🔄 arrows_counterclockwise anticlockwise_downwards_and_upwards_open_circle_arrows|새로고침 반복
🔅 low_brightness_symbol
🔆 high_brightness_symbol
🔇 speaker_with_cancellation_stroke
🔈 speaker
🔉 speaker_with_one_sound_wave
🔊 speaker_with_three_sound_waves
🔙 back_with_leftwards_arrow_above
🔚 end_with_leftwards_arrow_above
🔛 on_with_exclamation_mark_with_left_right_arrow_above
🔜 soon_with_rightwards_arrow_above
🔝 top top_with_upwards_arrow_above
🔞 no_one_under_eighteen_symbol
🔟 keycap_ten
🔠 input_symbol_for_latin_capital_letters
🔡 input_symbol_for_latin_small_letters
🔢 input_symbol_for_numbers
🔣 input_symbol_for_symbols
🔤 input_symbol_for_latin_letters
🔯 six_pointed_star_with_middle_dot
🔰 japanese_symbol_for_beginner
🔱 trident_emblem
🔲 black_square_button
🔳 white_square_button
🔴 red_circle large_red_circle|빨강 빨간원
🔵 large_blue_circle|파랑 파란원
🔶 large_orange_diamond
🔷 large_blue_diamond
🔸 small_orange_diamond
🔹 small_blue_diamond
🔺 up_pointing_red_triangle
🔻 down_pointing_red_triangle
🔼 up_pointing_small_red_triangle
🔽 down_pointing_small_red_triangle
🟠 large_orange_circle
🟡 large_yellow_circle|노랑 노란원
🟢 large_green_circle|초록 초록원
🟣 large_purple_circle
🟤 large_brown_circle
🟥 large_red_square
🟦 large_blue_square
🟧 large_orange_square
🟨 large_yellow_square
🟩 large_green_square
🟪 large_purple_square
🟫 large_brown_square
🕐 clock_face_one_oclock|한시
🕑 clock_face_two_oclock|두시
🕒 clock3 clock_face_three_oclock|세시 시계
🕓 clock_face_four_oclock|네시
🕔 clock_face_five_oclock|다섯시
🕕 clock_face_six_oclock|여섯시
🕖 clock_face_seven_oclock
🕗 clock_face_eight_oclock
🕘 clock_face_nine_oclock
🕙 clock_face_ten_oclock
🕚 clock_face_eleven_oclock
🕛 clock_face_twelve_oclock|열두시 정오
🕜 clock_face_one_thirty
🕝 clock_face_two_thirty
🕞 clock_face_three_thirty
🕟 clock_face_four_thirty
🕠 clock_face_five_thirty
🕡 clock_face_six_thirty
🕢 clock_face_seven_thirty
🕣 clock_face_eight_thirty
🕤 clock_face_nine_thirty
🕥 clock_face_ten_thirty
🕦 clock_face_eleven_thirty
🕧 clock_face_twelve_thirty
🆑 squared_cl
🆒 squared_cool
🆓 squared_free
🆔 squared_id
🆕 new squared_new|신규 새로운
🆖 squared_ng
🆗 ok squared_ok|오케이
🆘 sos squared_sos|도움 구조
🆙 squared_up_with_exclamation_mark
🆚 squared_vs
🏴 waving_black_flag`;
