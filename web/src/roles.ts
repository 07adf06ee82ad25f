/** Roles by the desks they work at, as `casework/roles.py` names them. */
export const CASEWORKERS = [
  "window-clerk",
  "mediator",
  "organisation-head",
  "arbitration-clerk",
  "reviewer",
  "arbitration-director",
  "court-liaison",
  "union-station",
] as const;
export const REGISTRARS = ["window-clerk", "mediator", "organisation-head", "union-station", "supervisor"] as const;
export const PARTIES = ["worker", "employer"] as const;
export const SUPERVISORS = ["supervisor"] as const;
export const DESIGNERS = ["designer", "admin"] as const;
/** Who may see identity numbers in full and types cases in elsewhere. */
export const TYPISTS = ["window-clerk", "mediator", "organisation-head", "arbitration-clerk", "reviewer", "arbitration-director", "court-liaison"] as const;
