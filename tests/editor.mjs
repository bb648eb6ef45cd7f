// What the JSON language service of VS Code makes of the contract: prints its findings, completions and problems as JSON.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const [folder, ...files] = process.argv.slice(2);
const {getLanguageService, TextDocument} = createRequire(`${folder}/`)("vscode-json-languageservice");
const home = pathToFileURL(`${folder}/`).href;
const service = getLanguageService({
  schemaRequestService: async (uri) => readFileSync(new URL(uri), "utf8"),
  workspaceContext: {resolveRelativePath: (path) => new URL(path, home).href},
});
service.configure({allowComments: false});

const out = {};
for (const file of files) {
  const text = readFileSync(`${folder}/${file}`, "utf8");
  const document = TextDocument.create(new URL(file, home).href, "json", 1, text);
  const parsed = service.parseJSONDocument(document);
  const problems = await service.doValidation(document, parsed);
  const at = text.indexOf('"?"');
  const completed = at < 0 ? {items: []} : await service.doComplete(document, document.positionAt(at + 1), parsed);
  out[file] = {
    problems: problems.map((one) => ({message: one.message, line: one.range.start.line + 1})),
    completions: completed.items.map((item) => item.label),
  };
}
console.log(JSON.stringify(out));
