/** Icons of the navigation: 24x24, drawn with strokes, so that they take the colour of the words beside them. */
export const ICONS = {
  inbox: "M4 13l2.5-8h11L20 13v6H4v-6zm0 0h5a3 3 0 0 0 6 0h5",
  today: "M5 5h14v15H5zM5 10h14M9 3v4M15 3v4M9 15l2 2 4-4",
  cases: "M4 6h6l2 2h8v11H4zM8 13h8",
  register: "M6 3h9l4 4v14H6zM12 10v7M8.5 13.5h7",
  calendar: "M5 5h14v15H5zM5 10h14M9 3v4M15 3v4",
  supervision: "M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4",
  incidents: "M12 4l9 16H3zM12 10v4M12 17v.5",
  figures: "M5 20V10M12 20V4M19 20v-7M3 20h18",
  definitions: "M4 6h5v4H4zM15 14h5v4h-5zM9 8h4v8h2",
  scenarios: "M5 4l7 4-7 4zM14 8h6M5 16l3 3 5-6M15 17h5",
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4",
  menu: "M4 7h16M4 12h16M4 17h16",
} as const;
