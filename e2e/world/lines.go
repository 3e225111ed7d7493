package main

// code is a message with a block of code that is indented and wider than a phone.
const code = "This is what fails:\n```\nfunc (q *Queue) Next(ctx context.Context, lease time.Duration) (Job, bool) {\n\tfor _, job := range q.pending {\n\t\tif job.ReadyAt.Before(time.Now()) && !job.Leased {\n\t\t\tjob.Leased = true\n\t\t\treturn job, true // never with the lock held\n\t\t}\n\t}\n\treturn Job{}, false\n}\n```\nThe lock is taken in `Lease` only."

var work = []string{
	"The build is green again.",
	"I’ll merge after lunch unless somebody objects.",
	"Who is on call tonight?",
	"The migration took 40 seconds on the copy, so we can do it without a window.",
	"Can we move the review to 14:30? I have the dentist before.",
	"Done.",
	"Two of the three alerts were the same disk; I’ve silenced the copy until Monday.",
	"Does anybody know why `deploy.sh` asks for the token twice?",
	"Because the first one is for the registry. I’ll write it down.",
	"🎉",
	"Numbers from this morning:\n- p50 12 ms\n- p95 48 ms\n- p99 130 ms",
	"That’s better than last week, isn’t it?",
	"Yes, by a third. The index helps more than I thought.",
	"> never deploy on a Friday\n\nIt’s Friday.",
	"The changelog is at https://example.org/releases/2026-11/changelog and needs a second pair of eyes.",
	"Looks good to me. One typo in the third paragraph, otherwise ship it.",
	"Tomorrow at nine, not at ten.",
	"I’m going to restart the second worker now. If your jobs stop for a moment, that’s me.",
	"هل يمكن لأحد مراجعة هذا التغيير؟ الاختبارات كلها خضراء.",
	"テストは全部通りました。",
	"Thanks!",
	"Nice catch. That would have been a long night.",
	"ok",
	"Let’s keep the old endpoint for one more release; the phone app of two versions ago still asks for it, and not everybody has updated yet.",
}

var house = []string{
	"The heating will be off on Tuesday from 8 to 12.",
	"Has anybody seen a grey cat? She’s called Mausi and answers to cheese.",
	"The bins go out tonight 🗑️",
	"Who has the key of the cellar?",
	"I do. It’s on the hook by the door again.",
	"Summer party: I’d bring salad and two benches. Who has a grill?",
	"We have one!",
	"The parcel for the third floor is with me.",
	"周末谁有空一起打扫院子?",
	"我有空!",
	"The light on the stairs is broken again. I’ve told the landlord, and he says Thursday.",
	"Which Thursday? 😄",
	"Thank you for last night, it was lovely.",
	"Please don’t lock the front door before ten.",
	"Water is back.",
}

var walks = []string{
	"Am Samstag soll es schön werden. Wer kommt mit?",
	"Ich!",
	"Treffpunkt 8:42 an der Haltestelle, wie immer.",
	"Bringt jemand eine Karte mit? Meine ist von 1998.",
	"Die Hütte hat bis Ende des Monats offen.",
	"Magnifique !",
	"J’ai trouvé un sentier le long du ruisseau, moins raide et à l’ombre.",
	"山の写真、きれいですね!",
	"Wie lang ist die Strecke?",
	"14 km, 600 m hoch. Mit Pausen etwa fünf Stunden.",
	"Ich habe noch zwei Plätze im Auto.",
	"🥾🥾",
}
