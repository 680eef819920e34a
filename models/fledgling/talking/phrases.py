"""What people ask about pictures. Words in braces are filled in; (a|b) is one of the two.

Everybody has wordings of their own, so there must be far more here than a model this small can
learn by heart.
"""

LOOK = (
    "What('s| is) (in|on) (this|the|my|that) (picture|image|photo|pic|photograph|snapshot)?",
    "What('s| is) in (this|the|my) (drawing|sketch|painting|file|attachment|shot|screenshot)?",
    "What (do|can) you see (in|on) (this|the|my) (picture|image|photo|pic|drawing|photograph)?",
    "What (do|can|did) you see( here| there|)?", "What is this( thing| object| here| one|)?",
    "What('s| is) (that|it|here)?", "What is dis",
    "What('s| is) (shown|drawn|pictured|depicted|visible|painted) (here|in it|there|on this one)?",
    "What does (this|the|my|that) (picture|image|photo|pic|drawing|photograph) (show|contain|"
    "have)?",
    "(Describe|Explain|Identify|Recognise|Recognize|Name|Caption) (this|it|that|the picture|"
    "this image|the photo|my photo|this drawing|the image)(.| please.| for me.| in a few words.)",
    "(Describe|Tell me|Say|Write) what you (see|can see|recognise|make out|find)( here| in it|).",
    "describe", "?", "??", "???", "what", "and?", "so?", "hm?", "caption this", "name it", "wdys",
    "(Can|Could|Would|Will) you (describe|identify|name|recognise|recognize|explain) (this|it|"
    "that|the picture|this drawing|this photo|the thing in it)?",
    "(Can|Could|Would) you (tell me|say|see|find out|work out|make out) what (this|it|that) is?",
    "(Can|Could) you (please |)(tell me|say) what is (in|on) (it|this|the picture|the photo)?",
    "(Can|Do) you see (this|it|that|what this is|what I see)?",
    "(Do|Did) you (recognise|recognize|know) (this|it|that|this thing|what this is|what it is)?",
    "(Look|Look here|Have a look|Check this out|See this|Take a look)(!|.|, what is it?|: what "
    "is this?| and tell me what it is.| please.)",
    "Look at (this|that|it|my picture|the photo)(.|!|, what is it?| and say what you see.)",
    "What (have I|did I|I) (drawn|draw|paint|sketched|photograph|taken a picture of|find|make)?",
    "(Guess|Try to guess|Take a guess|Have a guess)( what this is| what it is| what I drew|)!",
    "What am I (looking at|holding|showing you|seeing here|pointing at)?",
    "(I|We) (found|saw|drew|bought|made|painted|took|got|have) this(.| today.| yesterday.||, "
    "what is it?|. What is it?|. Any idea?| and do not know what it is.)",
    "I (took|made) this (photo|picture)(. What is it?|. What do you see?|, what is on it?)",
    "What('s| is) it called?", "(What|How) do (you|people|we|they) call (this|it|that)?",
    "What is the (name|word) (of|for) (this|it|that|this thing|the thing in the picture)?",
    "(Any|Got any|Have you any) idea (what this is|what it is|what that could be)?",
    "What (kind|sort|type) of (thing|object|picture|animal or thing) is (this|it|that)?",
    "Which (thing|object|emoji|item) (is|do you see|do I see) (this|here|in it)?",
    "what (u|do u|you|can u) see( here| in pic| there|)",
    "(pls|plz|please) (describe|tell|say what it is|look|identify)",
    "what('s| is) in (the|my|this) pic", "whats (this|that|in it|here)",
    "my (picture|photo|drawing|pic)",
    "(here|Here you go|Here it is|there|this|this one|this picture|Here is one|my newest|one "
    "for you)(.|!||:)",
    "I (want|would like|need|'d like) to know what (this|it|that) is(.| called.|, please.)",
    "I (do not|don't) know what (this|it|that) is(.|. Do you?|, can you help?|. Help me.)",
    "(Help me|Please help me) (identify|name|recognise|understand) (this|it|the picture).",
    "Tell me (what this is|what it is|what that is|about this picture|about the picture|what is "
    "in it|the name of this|what this picture shows|what is shown here).",
    "What (could|might|may|would|should) (this|it|that) be?", "(Is|Was) this something you know?",
    "What would you (call|name|say) (this|it|that|this is)?", "And what (do you see|is this) here?",
    "Give me (a description|a caption|the name|a short description|a name)( of it| for this|).",
    "(Does|Will) this (mean|tell|say) anything to you?", "What (appears|is there) in (it|this)?",
    "(Say|Name) (what it shows|what this shows|the thing|the object|what is there|it)(.|!)",
    "(What|Which) (subject|motif|thing) (does it show|is it|can be seen)?",
    "My (child|son|daughter|friend|mother|kid) (drew|made|sent|painted) this. What is it?",
    "(One more question: |)what is (the picture|the image|the photo|this picture) (of|about)?",
    "(A picture|A photo|A drawing|An image) of what( is it|)?", "Is this (what|how) you know it?",
    "Try (this|this one|it|that).", "(See|Do you see) (anything|something) (here|in it|you know)?",
    "(First|Next) (picture|photo|one|question). What is it?", "What does it (show|look like)?",
    "What (thing|object|item) (is|can you see) (in|on) (this|the|my) (picture|photo|image)?",
    "Let me know what (this is|you see|it is|is in it).", "(It|This) is what?", "was ist das?",
    "Was siehst du?", "Was ist auf dem Bild?",
)  # fmt: skip

# Of a new picture, after one was told about.
AND_THIS = (
    "And (this|that|this one|that one|now|here|this picture|the next|this photo)?",
    "(What|How) about (this|this one|that|that one|this picture|the next one|this photo)?",
    "(this|that|this here|the next) one?", "Now (this|this one|that|another|the next) one.",
    "(One more|another|another one|next|next one|and one more|again|new one|the next picture)(.|"
    "|!)", "And what (is|do you see in|is in|could be|about) (this|this one|that one)?",
    "(Here is|I have|Now|Take) (another|another one|one more|a new one|the next)(.|. What is it?)",
    "And (here|this time)?", "What is (this one|the next one|this now|it now|this one here)?",
    "(Let's|Let us) (try|do|see) (this|another|the next) one.", "Same question( here| again|).",
    "(Then|So|OK, and) what is this( one|)?", "und das?",
)  # fmt: skip

# Of a picture already seen.
AGAIN = (
    "What was (in|on) (the|my|that|this) (picture|image|photo|pic|drawing)( again| I sent|)?",
    "What (did|had) (you|we) see(n|) (in it|there|in the picture|in my photo|before|again|)?",
    "What (did|have) I (send|sent|show|shown)( you|)( again| before| just now|)?",
    "(Describe|Say|Tell me|Name|Repeat|Explain) (it|that|the picture|what you saw)( again| once "
    "more|)(.| please.)", "What (was|is) (it|that|this)( again| called|)?",
    "(Remind me|Tell me|Say) (what it was|what was in it|what it is|what that was|what you see).",
    "What is in (the|my|that) (picture|photo|image)( again|)?",
    "(Once more|Again), what (is|was) it?",
    "(So|Sorry), what (was|is) (it|that|in the picture)( again|)?", "I forgot what it (was|is).",
    "(And|So) what (did|do) you see?", "(Look|Have another look|Look once more) and tell me again.",
    "(Do|Can) you (still know|remember|recall) (what it was|the picture|my picture|what you saw)?",
    "What did (the|my|that) (picture|photo|image|drawing) (show|have in it|contain)?",
    "(Which thing|What thing|What object) (was|is) (it|that|in the picture)( again|)?",
    "what (was it called|did it show|was shown|did you say|did you say it was)",
    "In (one|a) word, what (is|was) it?", "(I|We) did not (read|get|understand) that, what was it?",
)  # fmt: skip
LATEST = (
    "What was (in|on) (the|my) (last|latest|newest|most recent) (picture|photo|one|image)?",
    "What (was|is) the (last|latest|most recent) (one|picture|photo)( again|)?",
    "What did the (last|latest) (picture|photo|one|image) (show|have in it)?",
    "And the (last|latest|most recent|newest) (one|picture|photo)?", "(The|My) last picture?",
    "(Describe|Name|Repeat) the (last|latest|newest) (one|picture|photo).",
)  # fmt: skip
SURE = (
    "Are you (really |quite |absolutely |very |)(sure|certain|positive)( about that| of it|)?",
    "(Really|Sure|Honestly|Truly|Certain|Is it|You think so)(?|??|?!)", "Can you be wrong?",
    "Is (that|this|it) (right|true|correct|so|wrong|really so)?", "How (sure|certain) are you?",
    "I (do not|don't) (think so|believe you|believe that|agree|believe it).",
    "(Wrong|No)(.|!|, look again.|, that is wrong.|, try again.)",
    "(That|This|It) (is|must be|cannot be|seems) (wrong|right?|a mistake).",
    "(Look|Check|Try|Think)( it|) again.", "You (are|must be) (wrong|mistaken|kidding|joking).",
    "(I doubt|Not sure about) (it|that).", "Is that so?", "Do you mean it?",
    "(Could|Might) (that|it|you) be (wrong|a mistake|mistaken)?", "(How|Why) do you know?",
    "that's (not right|not it|not what it is|wrong)", "Hm, (no|not quite|I see something else).",
)  # fmt: skip

ASK_COLOUR = (
    "(What|Which) (colour|color) is (it|this|that|the thing|the shape|the object)?",
    "(Which|What) (colour|color)?", "(colour|color|the colour|the color)(?| please)",
    "And (the|its|which|what) (colour|color)( is it|)?",
    "(Tell me|Name|Say|Give me) (the|its) (colour|color)( please|).",
    "What('s| is) (its|the) (colour|color)( of it| of this|)?",
    "(What|Which) (colour|color) does (it|this|the shape|the thing) have?",
    "In (what|which) (colour|color) is it (drawn|painted|shown)?",
    "(Can|Could) you tell me (the|its|what|which) (colour|color)( it is| it has|)?",
    "What (colour|color) did I use?", "How is it coloured?",
    "(What|Which) (colour|color) (do|can) you see?", "I (want|need) to know (the|its) colour.",
    "(Do you see|Can you see|Do you know) (the|its|which|what) (colour|color)( it is| it has|)?",
    "what (colour|color) (would|do) you (call|say|name) it",
    "Is it (coloured|in colour)? Which one?",
)  # fmt: skip
ASK_COLOUR_AGAIN = (
    "(And what|What|Which|And which|So what) (colour|color) was (it|that|this|the thing)( again|"
    ")?", "(What|Which) (colour|color) did (it|that|the thing|the shape) have( again|)?",
    "(Do|Can) you (remember|recall) (the|its|what|which) (colour|color)( it was| it had|)?",
    "(Remind|Tell) me (of|about|again) (the|its) (colour|color).", "And the colour( was|)?",
    "(What|Which) (colour|color) did you see?", "I forgot (the|its) (colour|color).",
)  # fmt: skip
ASK_WORDS = (
    "What does (it|this|that|the sign|the picture|the text|the paper) say?", "What can you read?",
    "(Read|Read out|Please read) (it|this|that|the text|the word|this to me|it to me|it for me).",
    "What is (written|printed|to read|spelled) (here|there|on it|in it|in the picture|on this)?",
    "(Which|What) (word|text) (is|do you see|can you read) (this|here|there|in it)?",
    "(Can|Could) you read (this|it|that|the text|what it says|this for me)?",
    "(Is there|Do you see) (any|a) (text|word|writing)? What?", "Tell me what it says.",
)  # fmt: skip
ASK_COUNT = (
    "How many( of them| things| objects|) (are there|do you see|can you see|are shown|do I have)?",
    "How many?", "(Count|Please count) (them|the things|the objects|what you see|all of them).",
    "How many (things|objects|items) are (in|on) (the|this|my) (picture|photo|image)?",
    "(Can|Could) you count (them|the things|these|all|the objects)?",
    "What is the (number|count) of (things|objects|them)?",
    "(Tell me|Say) how many (there are|you see|you count).",
)  # fmt: skip

ASK_IF = (
    "Is (it|this|that) (really |perhaps |maybe |actually |){this}?", "{this}?",
    "(Do|Can) you see {this}( in it| there| here| in the picture|)?",
    "(Could|Might|Can) (it|this|that) be {this}?",
    "Is there {this} (in|on) (the|this|my) (picture|photo|image)?",
    "(I think|I believe|I guess|I would say|I say|My guess:|In my opinion) it is {this}.",
    "(It's|It is|This is|That is|That's) {this}, (right|correct|isn't it|no|is it not|yes)?",
    "(It|This|That) (looks|seems) (like|to be) {this}.",
    "(Does|Would) (it|this|the picture) show {this}?",
    "(Surely|Maybe|Perhaps|Probably|Of course) {this}?", "Would you (say|call) it {this}?",
    "(Am I right|Is it true|Is it right) that (it|this) is {this}?", "Isn't (it|this|that) {this}?",
    "(Someone|My friend|He|She|My son) says it is {this}.", "(So|Then) it is {this}?",
    "Did I draw {this}?", "It (must|can only|has to|should) be {this}.", "Is {this} in it?",
)  # fmt: skip
ASK_IF_AGAIN = (
    "Was (it|that|this) (really |perhaps |){this}?", "(Did|Could) you see {this}( there| in it|)?",
    "(I think|I believe|I thought|I remember|I guess) it was {this}.", "Wasn't (it|that) {this}?",
    "(It|That|This) was {this}, (right|wasn't it|correct|yes)?",
    "Was there {this} (in it|in the picture|there)?", "(So|Then) it was {this}?",
    "Did (it|the picture|my photo) show {this}?",
)  # fmt: skip

DEFINE = (
    "What('s| is) {this}( exactly| actually|, exactly| anyway|)?", "Define {name}.",
    "What does ({name}|the word {name}) mean?", "Tell me (more |something |)about {this}.",
    "(Explain|Describe) {name} (to me|for me|in a sentence|in one line|to a child|briefly).",
    "What (do|can) you (know|tell me|say) about {this}?", "(Explain|Tell me) what {this} is.",
    "(Do|Did) you know what {this} is?", "(definition|meaning) of {name}", "{name}: what is that?",
    "What is (meant|understood) by {name}?",
    "(Can|Could) you (explain|define) (what {this} is|{name})?", "And what is {this}?",
    "(I do not|I don't) know what {this} is.", "{name} meaning",
    "Give me (a|the) definition of {name}.", "What kind of thing is {this}?",
    "(How|What) would you (define|call) {name}?", "(Somebody|Someone) said {name}. What is that?",
    "explain {this}",
)  # fmt: skip
DEFINE_IT = (
    "Tell me (more|something|more about it|about it|about that|what it is for|a fact about it).",
    "What is (that|it) (exactly|actually|then|by definition)?", "(Explain|Define) (it|that|this).",
    "What does (that|it|this word) mean?", "(more|more about it|more please|and more|tell more)",
    "What (do|can) you (know|tell me|say) about (it|that|this)?", "Do you know more about it?",
    "(Can|Could) you (tell me something about it|explain it|explain that|define it|say more)?",
    "Give me (a|its) definition.",
    "I (do not|don't) know (that|it|the word)(. Explain it.|. What is it?|.)", "And what is that?",
    "What (kind of thing|sort of thing) is (that|it)?", "(Say|Write) one sentence about it.",
    "What is it (used for|good for|exactly)?",
)  # fmt: skip

PAIR = (
    "What('s| is) (in|on) (these|the|my|both|those|the two) (pictures|images|photos|pics)?",
    "And (these|these two|both|those|those two|now these)?",
    "(Describe|Name|Identify|Explain) (both|them|these|these two|both pictures|each)(.| please.)",
    "What are (these|they|those)?",
    "(Two|These are two|Here are two|I have two) (pictures|photos|images). What do they show?",
    "What (do|can) you see (in them|here|in these|in both|in each|in these two)?", "both?",
    "(Tell me|Say) what (both|they|these|the pictures) (show|are).", "(these|those) two",
    "What do (these|the|both|my|the two) (pictures|photos|images|drawings) show?", "What is each?",
    "(Look at|Take a look at|Check) (these|both|these two|them).", "one and two, what are they",
    "What (is|was) in the one and what in the other?", "(Which|What) things are these?",
)  # fmt: skip
PAIR_AGAIN = (
    "What did (the|my|these|the two|both) (two |)(pictures|photos|images) show?",
    "(Describe|Compare|Name|Repeat|List) (both|both pictures|the two pictures|the two|them)(.| "
    "again.| please.)", "What were (the two pictures|they|both|my pictures|these two)?",
    "(Which|What) (two |)(pictures|photos) have I sent( you|)?",
    "(Tell me|Say something) about (both|both pictures|the two).",
    "What('s| is) the difference( between them| between the two|)?",
    "How do (they|the two|the pictures|these) differ?", "(List|Name|Sum up) my (pictures|photos).",
    "And both together?", "(Compare|Put) them side by side.", "What have you seen so far?",
    "(How are they|Are they|In what are they) different?",
)  # fmt: skip
SAME = (
    "Are (they|these|both|the two|those|the pictures|my pictures) the same( thing| picture|)?",
    "Is (it|that|this) the same( thing| one| as before| as the first| picture|)?", "Same( thing|)?",
    "(Do|Are) (both|they|these|the two|both pictures) (show|of) the same( thing|)?",
    "Are both pictures of the same thing?",
    "Are (they|both|these|the two) (equal|alike|identical)?",
    "Do (they|the two|these|both|the pictures) (match|look the same|belong together)?",
    "(Is there|Do you see) (a|any) difference?", "(Twice|Both times|Two times) the same?",
    "(Did I send|Have I sent|Do you see) the same( thing|) twice?", "identical?", "a match?",
)  # fmt: skip
WHICH_IS = (
    "Which (of the two|one|picture|of them|of these|photo) (is|shows|was) {this}?",
    "Is the first or the second( one| picture|) {this}?",
    "(Where|In which one) (did|do) you see {this}?", "Which was {this}?",
    "(Tell me|Say) which (one|of the two|picture) is {this}.",
    "(In which|On which) (picture|photo|one|of the two) is {this}?", "Who is {this}, one or two?",
    "{this}: which one?", "Was the first or the second one {this}?",
)  # fmt: skip
OTHER = (
    "(And|And what about|What about|How about|Now|Then|And now|So) the other( one| picture|)?",
    "the other( one|)?", "(And|Now) the other (one|picture|photo)(.|?| please.)", "other one",
    "(What|And what) (is|was|did) the other( one|)?", "(Tell me|Say) the other( one|) too.",
    "(Same|The same) (question |)(for|of|about) the other( one|).", "And its (neighbour|partner)?",
)  # fmt: skip
NTH = (
    "What (was|is) (in|on) the {nth} (picture|one|photo|image|pic|drawing)( again|)?",
    "What (is|was) the {nth}( one| picture| thing|)( again|)?", "And the {nth}( one| picture|)?",
    "What did the {nth} (picture|one|photo|image) show( again|)?", "(the|the one that was) {nth}?",
    "(Describe|Name|Repeat|Explain) the {nth} (picture|one|photo|image)(.| again.| please.)",
    "What (was|is) (on|in) (picture|image|photo|number) {number}?",
    "(Picture|Number|Photo) {number}?",
    "What (did|do) you see (in|on) the {nth} (one|picture|photo|image)?",
    "The {nth} (picture|one|photo), what (was|is) it?",
    "(Go back|Back|Let us go back|Return) to the {nth} (one|picture).",
    "(And what|What) about the {nth}( one| picture| photo|)?",
    "What did I send (you |)(as |)the {nth}( picture|)?",
    "(Tell|Remind) me (what|again what) the {nth} (one|picture) (was|showed).",
    "(Do|Can) you (remember|recall|still see) the {nth} (one|picture|photo)?", "my {nth} picture",
)  # fmt: skip
NTH_COLOUR = (
    "(What|Which) (colour|color) (was|is|did) the {nth} (one|picture|thing|shape)( have| again|)?",
    "(What|Which) (colour|color) (was|is) the {nth}?",
    "(And|So) the (colour|color) of the {nth}( one| picture|)?",
    "(What|Which) (colour|color) did the {nth} (picture|one|shape) have?",
    "What (colour|color) (is|was) the (thing|shape) (in|on) the {nth} (picture|photo|one)?",
    "(Tell me|Say|Name) the (colour|color) of the {nth}( one| picture|).",
    "(Do|Can) you (remember|recall) (the|which) colour (of |)the {nth}( one|)( had| was|)?",
)  # fmt: skip

# About a picture, and beyond what can be seen by a small model.
BEYOND = (
    "(Where|When|By whom|How) was (it|this|this photo|the picture) (taken|made)?",
    "Who is (this|that|he|she|the person|the man|the woman)( in the picture|)?",
    "Is it (expensive|safe|healthy|broken|real|poisonous|rare|old|new|ill|heavy|valuable)?",
    "What (brand|make|model|year|price) is (it|this)?",
    "(Can|Should|May) (I|you|one) (eat|drink|touch|buy|keep|use) (it|this|that)?",
    "(What|How much) does (it|this) (weigh|cost)?",
    "(Make|Turn|Crop|Edit|Change|Improve|Fix) (it|the picture|this photo)( bigger| smaller| "
    "brighter| for me|).", "How (old|big|heavy|tall|fast|far away) is (it|this|that)?",
    "Do you (like|love|want) (it|this|the picture)?", "Is it (pretty|beautiful|good|art)?",
    "What is the (story|meaning|reason|idea) behind (it|this)?",
    "Do you know (this|that|the) (person|man|woman|place|artist)?",
    "(Which|What) artist made this?",
    "(Where|How) (can|do) I (buy|get|find|cook|repair|clean) (it|this|one)?",
    "(Draw|Make|Paint) me (another|another one|one like it|a better one).",
    "What is (he|she|the person) (thinking|feeling|doing|saying)?",
    "Is this (my friend |my brother |){p}?",
    "(Read|Copy|Translate) (the whole page|this letter|this document|the article)( to me| for "
    "me|).", "(Summarise|Translate|Explain) this (document|page|contract|recipe|letter).",
    "(Solve|Do|Correct) (this|my) (homework|equation|exercise|test).",
    "What should I (write|say|post|think) about it?",
    "Why (is|did|does) (it|this|he|she) (there|like that|happen|look like that)?",
    "(Write|Tell me) (a story|a poem|a joke|a song) about (it|this).",
    "What (happened|comes|will happen) (here|next|before)?",
    "Which (country|city|street|breed|year|camera) is (this|it)( from|)?",
    "Who (made|took|owns|painted|drew) (it|this|this photo)?",
)  # fmt: skip
