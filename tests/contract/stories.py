"""One story, told in each kind's own way."""

import json
from datetime import UTC, datetime

TITLE = "Ruritania’s bank holds its rate at 6.5 % – again"
URL = "https://site.example/2026/11/rates-held"
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
BODY = (
    "The central bank of Ruritania held its main rate at 6.5 percent on Monday, the fourth pause.",
    "Governor Rudolf Elphberg said the decision gives 28,000 small firms “time to plan” & breathe.",
    "The bank expects prices to rise by 4.1 percent this year, down from 5.8 percent in 2025. " * 4,
)
HTML = "".join(f"<p>{p.replace('&', '&amp;')}</p>" for p in BODY)
#: As systems write it: an entity, a tracking parameter, an address without its host.
MESSY = TITLE.replace("’", "&#8217;").replace("–", "&ndash;")
TRACKED = "/2026/11/rates-held?utm_source=rss&amp;utm_medium=feed"

ONE = {
    "id": "2026-11-23-rates-held",
    "url": f"{URL}?utm_source=rss",
    "title": TITLE,
    "published_at": "2026-11-23T07:00:00+05:30",
    "body": list(BODY),
}
SAMPLES = {
    "feed": f"""<?xml version="1.0"?><rss version="2.0"
        xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Site</title>
        <item><guid isPermaLink="false">7</guid><link>{TRACKED}</link>
        <title><![CDATA[{MESSY}]]></title><pubDate>Mon, 23 Nov 2026 07:00:00 +0530</pubDate>
        <content:encoded><![CDATA[{HTML}]]></content:encoded></item></channel></rss>""",
    "jsonfeed": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Site",
            "items": [
                {
                    "id": "7",
                    "url": TRACKED.replace("&amp;", "&"),
                    "title": MESSY,
                    "date_published": "2026-11-23T07:00:00+05:30",
                    "content_html": HTML,
                }
            ],
        }
    ),
    "wordpress": json.dumps(
        [
            {
                "id": 7,
                "date": "2026-11-23T07:00:00",
                "date_gmt": "2026-11-23T01:30:00",
                "link": f"{URL}/?utm_source=api",
                "title": {"rendered": MESSY},
                "content": {"rendered": HTML, "protected": False},
                "excerpt": {"rendered": "<p>The central bank of Ruritania held […]</p>"},
            }
        ]
    ),
    "sitemap": f"""<?xml version="1.0"?><urlset
        xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>
        https://site.example{TRACKED}</loc><news:news><news:publication><news:name>Site</news:name>
        <news:language>en</news:language></news:publication>
        <news:publication_date>2026-11-23T07:00:00+05:30</news:publication_date>
        <news:title>{TITLE.replace("–", "&#8211;")}</news:title></news:news></url></urlset>""",
    "page": f"""<!doctype html><html lang="en"><head><title>{MESSY} | Site</title>
        <link rel="canonical" href="{TRACKED}"><script type="application/ld+json">
        {{"@type": "NewsArticle", "headline": "{TITLE}",
        "datePublished": "2026-11-23T07:00:00+05:30"}}</script></head>
        <body><article><h1>{MESSY}</h1>{HTML}</article></body></html>""",
    "document": json.dumps(ONE),
    "webhook": json.dumps({"type": "article.published", "timestamp": "x", "data": ONE}),
    "copied": f"AI Intelligence Daily\n\nEconomy\n\n{TITLE}\n\nDek.\n\n"
    "Published 23 November 2026 · ID 2026-11-23-rates-held\n\n" + "\n\n".join(BODY),
    "folder": json.dumps([["file:///inbox/a.json", 1_764_000_000_000_000_000, 10]]),
}
#: What a kind by its nature does not say.
SILENT = {"sitemap": {"body"}, "copied": {"url"}}
TYPES = {"folder": "inode/directory"}
