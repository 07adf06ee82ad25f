/** Who is signed in. The session itself is a cookie that scripts cannot read; this is what the server says of it. */
import { reactive } from "vue";

import { api, ask, type Schemas } from "./client/api";
import { Problem } from "./client/problem";

class Session {
  user: Schemas["User"] | null = null;
  private loaded = false;

  /** Asks the server once who is signed in. Throws `Problem` when it cannot be reached. */
  async load(): Promise<void> {
    if (this.loaded) return;
    try {
      this.user = await ask(api.GET("/api/v1/me"));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      this.user = null;
    }
    this.loaded = true;
  }

  async signIn(username: string, password: string): Promise<void> {
    this.user = await ask(api.POST("/api/v1/auth/sessions", { body: { username, password } }));
    this.loaded = true;
  }

  async signOut(): Promise<void> {
    await ask(api.DELETE("/api/v1/auth/sessions/current"));
    this.forget();
  }

  /** The server says that the session is over. */
  forget(): void {
    this.user = null;
    this.loaded = true;
  }

  has(...roles: readonly string[]): boolean {
    return this.user?.roles.some((role) => roles.includes(role)) ?? false;
  }
}

export const session = reactive(new Session());
