"""How sites head what stands around their articles: lists of other articles, and neighbours.

One list, as regular expressions upon folded text, for those to whom the line itself says it:
monitor/stories/prose.py, where it is no prose to compare texts by (nor are credits and notices,
which are the page's too), and seeds/farm/shell.py, where a page full of them looks like a farm's.

Two more lists mean something else. seeds/match/tails.py decides that mentions do not count, so it
has to be sure: it looks at what follows the line, where in the text it stands, and at its colon.
crawler/extract/tails.py sees links, and pages before they are folded."""

# Heads a list even when a title follows it on the line: 相关阅读借呗逾期怎么办.
HEAD_RUNNING_ON = (
    r"(?:延伸阅读|相关(?:阅读|推荐|文章|新闻|链接)|推荐阅读|猜你喜欢|热门(?:文章|推荐|排行)|最新文章"
    r"|随机看看)"
)
# Heads one when the line has nothing else; within a sentence it may be its beginning (相关报道称).
HEAD_ALONE = (
    rf"(?:{HEAD_RUNNING_ON}|(?:延伸|扩展|拓展|相关|关联|推荐|更多|热门|热点|精彩|最新|随机|本周|本站|今日"
    r"|编辑|小编|主编|猜你)"
    r"(?:阅读|文章|新闻|资讯|推荐|报道|内容|链接|看点|专题|问答|问题|标签|热点|排行|看看|喜欢|想看)"
    r"|大家都在看|你可能(?:还)?(?:喜欢|感兴趣的?内容)"
    r")(?:阅读|文章|推荐|列表|问题|主编精选推荐|精选推荐)?"
)
NEIGHBOUR = "[上下]一篇"
