"""Every command, its module and what it is for; written by `make docs`."""

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": (
        "running",
        "Publish a real article to stand-ins of X and LinkedIn: no keys, no network.",
    ),
    "run": ("running", "Read, queue and publish by the clock until stopped."),
    "publish": ("running", "Send everything that is approved and due, now."),
    "preflight": ("running", "Check, without posting, that the next edition will go out."),
    "sandbox": ("running", "Run the stand-ins of X and LinkedIn, with their timeline page."),
    "ingest": ("articles", "Read new articles and put their posts into the queue."),
    "log": (
        "articles",
        "Show what was published: when, where, by whose approval, and the permalink.",
    ),
    "article": ("articles", "What the bot knows about an article."),
    "source": ("sources", "Watch feeds, pages, sitemaps and folders."),
    "held": ("sources", "New articles that wait for an editor's word."),
    "corrections": ("corrections", "Posts whose article was changed or taken down."),
    "queue": ("queue", "List the posts that wait, most urgent first."),
    "show": ("queue", "Show one post exactly as followers will see it, and its history."),
    "approve": ("queue", "Approve posts exactly as they are now; they go out at their time."),
    "edit": ("queue", "Put other words into a post; an approval it had is void."),
    "redraw": ("queue", "Give a post another card; an approval it had is void."),
    "reject": ("queue", "Refuse a post for good."),
    "hold": ("queue", "Keep a post back until it is released."),
    "release": ("queue", "Put a held or failed post back into the queue, to be approved anew."),
    "resolve": (
        "queue",
        "Answer what the bot asks about a post: is it live, or have you seen to it.",
    ),
    "pause": ("pausing", "Send nothing on a channel, or on all, until somebody resumes it."),
    "resume": ("pausing", "Send on a paused channel again, once the account is in order."),
    "check": ("words", "Measure a text as its platform does, and judge it by the house's rules."),
    "preview": (
        "words",
        "Show the posts an article would get, as followers would see them; keeps nothing.",
    ),
    "card": ("card", "Draw the card of an article, and say how well it can be read."),
    "web": ("people", "Serve the editors' desk until stopped; `bot run` serves it too."),
    "user": ("people", "Who may sign in at the desk."),
    "token": ("programs", "Programs that may use the desk's API."),
    "webhook": ("programs", "Programs that are told what happens."),
    "mcp": (
        "assistants",
        "Let an assistant use the desk: MCP tools on standard input and output, by a token.",
    ),
    "audit": ("audit", "The audit log: prove that nothing in it was changed."),
    "db": ("db", "The database: back it up, restore it, move it to PostgreSQL."),
    "schedule": ("times", "Show when posts go out in the next seven days, in plain words."),
    "settings": ("choices", "What can be changed while the bot runs: schedule and policies."),
    "notify": ("notify", "The messages the bot sends to people."),
    "trace": (
        "records",
        "Tell the whole story of an article in order, from first sight to the proof it is live.",
    ),
    "report": (
        "records",
        "Give the receipts of one day: what went out, where, on whose yes, and the proof.",
    ),
    "stats": (
        "records",
        "Show posts a day, how late they were, and what they cost, as small plots.",
    ),
    "doctor": ("care", "Find the usual troubles of an installation, and say how each is mended."),
    "once": (
        "care",
        "Do one complete morning and exit: read, make posts, send what is due, look at it, alarm.",
    ),
    "health": (
        "care",
        "Ask the running `bot run` of these settings whether it lives and does its work.",
    ),
    "accounts": ("accounts", "Show who posts on each channel, by what right, and until when."),
    "auth": ("accounts", "Let the bot post as an account."),
    "spend": (
        "spend",
        "Show what each account has spent, may spend, and will have spent this month.",
    ),
    "manual": (
        "manual",
        "Post an approved post by hand: its link, text and card; the bot leaves it alone meanwhile.",
    ),
    "posted": ("manual", "Tell the bot that you have posted a post, and where it is."),
    "picture": (
        "pictures",
        "Put a further picture beside the card; an approval the post had is void.",
    ),
    "rehearse": (
        "rehearse",
        "Play yesterday's articles against stand-ins of the platforms; nothing real is touched.",
    ),
}
