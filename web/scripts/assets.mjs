// Collects what the server needs from npm packages into build/assets: the FEEL interpreter, fonts, the API page.
import { build } from "esbuild";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(web, "node_modules");
const target = resolve(web, "..", "build", "assets");

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, "fonts"), { recursive: true });

await build({
  stdin: { contents: 'export * from "@bpmn-io/feelin";', resolveDir: web },
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "feelin",
  target: "es2020",
  outfile: join(target, "feelin.js"),
});

const fonts = [
  ["noto-serif-sc", "NotoSerifSC", ["400Regular", "700Bold"]],
  ["noto-sans-sc", "NotoSansSC", ["400Regular", "700Bold"]],
];
for (const [pkg, family, weights] of fonts) {
  const folder = join(modules, "@expo-google-fonts", pkg);
  for (const weight of weights) {
    const nested = join(folder, weight, `${family}_${weight}.ttf`);
    const flat = join(folder, `${family}_${weight}.ttf`);
    cpSync(existsSync(nested) ? nested : flat, join(target, "fonts", `${family}_${weight}.ttf`));
  }
  for (const file of readdirSync(folder).filter((name) => /^(LICENSE|OFL)/i.test(name))) {
    cpSync(join(folder, file), join(target, "fonts", `${pkg}-${basename(file)}`));
  }
}

const swagger = join(modules, "swagger-ui-dist");
mkdirSync(join(target, "swagger-ui"));
for (const file of ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "LICENSE", "NOTICE"]) {
  if (existsSync(join(swagger, file))) cpSync(join(swagger, file), join(target, "swagger-ui", file));
}
