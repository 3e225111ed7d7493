// Prints every emoji that Unicode recommends for interchange (RGI), one a line, as this Node knows it:
// the tables of Unicode are in its regular expressions. What may be joined to what is tried out.
const isOne = /^\p{RGI_Emoji}$/v, found = new Set();
const add = (...parts) => isOne.test(parts.join("\u200d")) && found.add(parts.join("\u200d"));
const tones = ["", ..."🏻🏼🏽🏾🏿"];

for (let code = 0x23; code < 0x20000; code++) {
  const sign = String.fromCodePoint(code);
  if (!/\p{Emoji}/u.test(sign)) continue;
  for (const more of ["\ufe0f", "\ufe0f\u20e3", ...tones]) add(sign + more);
}
const letters = Array.from({ length: 26 }, (_, i) => String.fromCodePoint(0x1f1e6 + i));
for (const a of letters) for (const b of letters) add(a + b);
for (const place of ["gbeng", "gbsct", "gbwls"]) add("🏴" + [...place].map((l) => String.fromCodePoint(0xe0000 + l.charCodeAt())).join("") + "\u{e007f}");

const second = ("♀️ ♂️ ⚧️ 🌈 ☠️ ⬛ 🟫 🟩 🦺 ❄️ 🗨️ ⚕️ ⚖️ ✈️ 🌾 🍳 🍼 🎓 🎤 🎨 🏫 🏭 👦 👧 🧒 💻 💼 🔧 🔬 🚀 🚒 🦯 🦼 🦽 🦰 🦱 🦲 🦳 💨 💫 💥 🔥 🩹 🌫️ ↔️ ↕️ ➡️ 🎄 🩰 " +
  tones.map((tone) => "🫲" + tone).join(" ")).split(" ");
const people = [..."👦👧👨👩🧑🧒"].flatMap((person) => tones.map((tone) => person + tone));
for (const a of [...found]) for (const b of second) add(a, b), add(a, b, "➡️");
for (const a of people) for (const b of people) {
  for (const between of ["❤️", "🤝", "🐰", "🫯"]) add(a, between, b);
  add(a, "❤️", "💋", b);
  for (const c of "👦👧🧒") for (const d of ["👦", "👧", "🧒"]) add(a, b, c), add(a, b, c, d);
}
console.log([...found].join("\n"));
