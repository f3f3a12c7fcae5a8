// Checks every golden message and view of the app against Slack's own types (@slack/types: KnownBlock and
// ModalView) with tsc --strict. Needs Node.js 20 or later:
//
//     cd tests/slack_types && npm ci && node check.mjs      # exits with 1 and names the file on a type error
//     node check.mjs --self-test                            # proves that wrong blocks are found
//
// What comes from elsewhere is used here only, and never by the product.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const goldenFolders = ["src/chatops/testdata", "src/slack/testdata"];

// Slack documents the number a list begins with (rich_text_list: offset); its types do not have it yet.
const documentedToo = `import type {} from "@slack/types/dist/block-kit/block-elements";
declare module "@slack/types/dist/block-kit/block-elements" {
  interface RichTextList { offset?: number }
}
`;

function typeOf(name) {
  if (name.endsWith(".view.json")) return "ModalView";
  return name.endsWith(".message.json") ? "{ text: string; blocks: KnownBlock[] }" : "KnownBlock[]";
}

/** One source per text: a literal of the type it must have, so that unknown members are errors, too. */
function sourceOf(name, json) {
  return `import type { KnownBlock, ModalView } from "@slack/types";\nexport const value: ${typeOf(name)} = ${json};\n`;
}

/** Type-checks `texts` ({name, json}) in a folder of their own; returns tsc's exit status and what it said. */
function typeCheck(texts) {
  const folder = mkdtempSync(join(tmpdir(), "fa2-slack-types-"));
  try {
    symlinkSync(join(here, "node_modules"), join(folder, "node_modules"), "dir");
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(join(folder, "src", "documented_too.ts"), documentedToo);
    const files = ["src/documented_too.ts"];
    for (const { name, json } of texts) {
      const file = `src/${name}.ts`;
      writeFileSync(join(folder, file), sourceOf(name, json));
      files.push(file);
    }
    const options = ["--strict", "--noEmit", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler",
                     "--target", "es2022", "--types", "", "--pretty", "false"];
    const tsc = join(here, "node_modules", "typescript", "bin", "tsc");
    const run = spawnSync(process.execPath, [tsc, ...options, ...files], { cwd: folder, encoding: "utf8" });
    if (run.error) throw run.error;
    return { status: run.status, said: run.stdout + run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function goldenTexts() {
  const texts = [];
  for (const folder of goldenFolders) {
    const path = join(root, folder);
    if (!existsSync(path)) continue;
    for (const file of readdirSync(path).filter((f) => f.endsWith(".json")).sort()) {
      texts.push({ name: basename(file), path: relative(root, join(path, file)), json: readFileSync(join(path, file), "utf8") });
    }
  }
  return texts;
}

function checkGoldenFiles() {
  const texts = goldenTexts();
  if (texts.length === 0) {
    console.error(`no golden files below ${goldenFolders.join(", ")}`);
    return 1;
  }
  const { status, said } = typeCheck(texts);
  if (status === 0) {
    console.log(`${texts.length} messages and views have Slack's types`);
    return 0;
  }
  for (const { name, path } of texts) {
    if (said.includes(`src/${name}.ts`)) console.error(`${path}: not of the type ${typeOf(name)}`);
  }
  console.error(said);
  return 1;
}

// Each differs from a right block in one thing.
const right = [
  { type: "header", text: { type: "plain_text", text: "x", emoji: false } },
  { type: "rich_text", elements: [{ type: "rich_text_list", style: "ordered", offset: 2,
                                    elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "x" }] }] }] },
];
const wrong = {
  "unknown block": [{ type: "heading", text: { type: "plain_text", text: "x" } }],
  "header in mrkdwn": [{ type: "header", text: { type: "mrkdwn", text: "x" } }],
  "unknown member": [{ type: "divider", colour: "red" }],
  "button without text": [{ type: "actions", elements: [{ type: "button", action_id: "a" }] }],
  "unknown style of a list": [{ type: "rich_text", elements: [{ type: "rich_text_list", style: "dashed", elements: [] }] }],
  "time as text": [{ type: "input", label: { type: "plain_text", text: "x" },
                     element: { type: "datetimepicker", initial_date_time: "1773477000" } }],
  "text without its text": [{ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text" }] }] }],
};

function selfTest() {
  const good = typeCheck([{ name: "right.json", json: JSON.stringify(right) }]);
  if (good.status !== 0) {
    console.error(`right blocks were refused:\n${good.said}`);
    return 1;
  }
  const names = Object.keys(wrong);
  const { said } = typeCheck(names.map((name, i) => ({ name: `wrong_${i}.json`, json: JSON.stringify(wrong[name]) })));
  const missed = names.filter((_, i) => !said.includes(`wrong_${i}.json.ts`));
  if (missed.length > 0) {
    console.error(`not found: ${missed.join(", ")}`);
    return 1;
  }
  console.log(`${names.length} wrong blocks found`);
  return 0;
}

if (!existsSync(join(here, "node_modules", "typescript"))) {
  console.error("the packages are missing: run `npm ci` in tests/slack_types first");
  process.exit(2);
}
process.exit(process.argv.includes("--self-test") ? selfTest() : checkGoldenFiles());
