import { createApp } from "vue";

import App from "./App.vue";
import { i18n } from "./i18n";
import { router } from "./router";
import "./style/base.css";

const app = createApp(App);
app.config.errorHandler = (error) => {
  console.error(error);
  window.dispatchEvent(new CustomEvent("tingzhu:page-failed"));
};
app.use(i18n).use(router).mount("#app");
