// The seed card with satori and resvg, as vercel/og does it: node cards_satori.mjs FONTS COUNT [OUT]
// Size and line breaks are given (satori cannot fit), so it has less to do than our template.
import { readFileSync, writeFileSync } from "node:fs";
import satori from "satori";
import { Resvg } from "@resvg/resvg-js";

const [folder, count, out] = process.argv.slice(2);
const font = (file, name, weight) => ({ name, weight, style: "normal", data: readFileSync(`${folder}/${file}.ttf`) });
const fonts = [font("display-700", "Display", 700), font("text-400", "Text", 400), font("text-600", "Text", 600)];
const box = (style, ...children) => ({ type: "div", props: { style: { display: "flex", ...style }, children } });
const at = (left, top, style, ...children) => box({ position: "absolute", left, top, ...style }, ...children);
const soft = { fontFamily: "Text", fontSize: 24, color: "#B7BFCE" };

const card = (n) =>
  box(
    { width: 1200, height: 675, background: "#0B0F1A" },
    at(72, 0, { width: 58, height: 100, background: "#FFB454" }),
    at(84, 61, { width: 24, height: 10, borderRadius: 2, background: "#0B0F1A" }),
    at(94, 76, { width: 24, height: 10, borderRadius: 2, background: "#0B0F1A" }),
    at(150, 56, { fontFamily: "Display", fontSize: 31, color: "#F7F5F0" }, "The ShiftMaker"),
    at(416, 60, { ...soft, fontWeight: 600, color: "#FFB454" }, "AI"),
    at(974, 60, soft, "26 June 2026"),
    at(72, 178, { flexDirection: "column", fontFamily: "Display", fontSize: 79, lineHeight: 1.04, letterSpacing: "-0.02em", color: "#F7F5F0" },
      ...["Anthropic accuses Alibaba", "of largest Claude cloning", `attempt, seeks US intervention ${n || ""}`].map((row) => box({}, row))),
    at(72, 440, { ...soft, fontSize: 32, lineHeight: 1.36, width: 700 }, "Allegations include use of 25,000 fake accounts to extract millions of interactions."),
    at(72, 562, { width: 1056, height: 2, background: "#2A3244" }),
    at(72, 584, { ...soft, fontWeight: 600, color: "#F7F5F0" }, "theshiftmaker.com"),
    at(672, 584, soft, "AI Intelligence Daily · Every day · 7 am IST"),
  );

const times = [];
let png;
for (let n = 0; n < Number(count); n++) {
  const start = performance.now();
  const svg = await satori(card(n), { width: 1200, height: 675, fonts });
  png = new Resvg(svg, { font: { loadSystemFonts: false } }).render().asPng();
  times.push(performance.now() - start);
}
if (out) writeFileSync(out, png);
console.log(JSON.stringify({ times, bytes: png.length }));
