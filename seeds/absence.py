"""What pages say that are shown in an article's place: that it is gone, or that it is withheld.

As regular expressions upon folded text (Simplified, half-width). Each speaks of the page that shows
it, never of what an article reports: 文章已删除 as a whole notice, not 该平台已删除相关文章."""

import re

# Who or what is gone. 主题, 帖子: forums; 笔记, 视频, 问答: platforms.
_PIECE = r"(?:文章|正文|内文|本文|此文|该文|原文|贴文|贴子|(?<=[该此本])[贴帖稿]|公众号|连结|影片|报道|报导|内容|页面|网页|页|新闻|快讯|稿[件子]|帖子|主题|信息|资讯|链接|地址|作品|笔记|视频|回答|问题|博文|微博|图文|文件|文档|网址|记录|资源)"
_BY = r"(?:被|由|经|因|应)?(?:.{0,12}?(?:发布者|作者|原作者|用户|管理员|版主|楼主|编辑部?|本[站报刊网社台]|平台|官方|发布机构|投诉|举报|违规|要求|请求|法规|政策|当事人|相关方|版权方?)(?:的?(?:要求|请求|投诉|申诉|申请|原因))?)?(?:后已?|而|予以|已?被)?"
_AWAY = r"(?:删除|删掉|清理|清空|归档|抽下|抽掉|下架|下线|撤下|撤稿|撤回|撤除|撤销|移走|移除|屏蔽|清除|失效|过期|封禁|隐藏(?!\W*请?(?:先)?(?:回复|登录|登入|付费|购买))|关闭|注销|停用|收回)"
# Nothing but a notice begins a line so: 哎呀, 您要找的这篇文章, 该页面.
_ASKED = (
    r"^\W*(?:(?:哎呀|哎哟|糟糕|噢|喔|啊哦|oops|(?:很|非常|十分)?抱歉|对不起|sorry)\W*)*(?:您|你)?(?:现在|刚才|所|要|想|正在)*"
    r"(?:查找|寻找|找|访问|浏览|查看|请求|点击|打开|看)?的?(?:该|此|这|那)?[个篇条则]?(?:栏目|频道)?"
)
_LOST = r"(?:不在|不见|没有了|消失|丢失|走失|离开|不翼而飞|搬家|搬走|换了?地方|转移|更名|改名|不存在|下线|去哪|跑到哪)"

_SHOWING = r"(?:阅[读览]|浏览|[展显]示|查[看阅]|观看|收[看听]|刊[登载])"

# What the page at this address says of the article that was asked for.
WITHDRAWN = re.compile(
    rf"{_PIECE}(?:可能|或许)?(?:已经|已|现已|早已)?{_BY}{_AWAY}(?:处理|删除)?(?:[了。!,，或]|\W|$)"
    rf"|(?:撤回|撤销|撤下|收回|取下)(?:此|该|这|本|上述|有关|相关)?[篇则条]?{_PIECE}|撤稿"
    rf"|{_PIECE}.{{0,4}}不再(?:提供|显示|保留|刊登|展示)|不再公开.{{0,4}}{_PIECE}"
    rf"|{_PIECE}(?:(?!地区|区域|国家).){{0,12}}(?:暂停(?:发布|刊出|刊登|展示|显示|提供)|暂不(?:提供|公开|刊出)|(?:不予|停止)(?:显示|展示|刊登|公开)|不可[见用])(?:[。!,，]|\W|$)"
    rf"|保留标题.{{0,8}}{_PIECE}|^\W*content removed\W*$"
    rf"|(?:已|已经|现已)(?:被)?(?:作者|发布者|管理员|版主|编辑|本站|用户)(?:自行)?{_AWAY}"
    # Its author keeps it for himself, or its site no longer.
    rf"|(?:{_PIECE}|作者|用户).{{0,8}}(?:设置?[为成](?:私密|隐藏|不公开|不可见|仅自己)|仅(?:自己|作者)(?:可见|可看))"
    rf"|{_PIECE}.{{0,4}}(?:超过|逾|已?过)(?:了)?(?:保存|保留|查询|存档)(?:期限|时间|期)|{_PIECE}.{{0,4}}已?不在(?:本站|服务器|此处|这里)"
    rf"|{_PIECE}.{{0,4}}涉?嫌?(?:违规|违法|侵权).{{0,4}}已被?(?:处理|停止访问|封禁)"
    r"|因.{0,16}?(?:违规|违反|投诉|侵权|法规|政策).{0,12}?(?:无法|不能|不予|停止)(?:查看|显示|访问|浏览|展示)"
    rf"|{_PIECE}.{{0,6}}(?:有误|不实|失实).{{0,6}}已经?{_AWAY}|将(?:此|该|本|这)[篇则条]?(?:文|{_PIECE}).{{0,4}}{_AWAY}"
    rf"|(?:作者|用户|发布者|楼主|编辑部).{{0,4}}已?{_AWAY}[了此该这].{{0,2}}{_PIECE}"
    rf"|应.{{0,12}}?要求.{{0,8}}?(?:已|予以|现)?.{{0,4}}?{_AWAY}"
    r"|(?:may|might) have been (?:removed|deleted|moved)"
    r"|(?:page|article|content|story|post) (?:isn't|is not) available(?!.{0,40}(?:region|country|location|area|europe))"
    r"|th(?:is|e) (?:article|page|story|post|content)(?: you (?:requested|are looking for))? (?:has been|was|is) (?:removed|deleted|withdrawn|unpublished|taken down)"
    rf"|(?:不再|停止)(?:提供|予以|对外)?(?:提供)?{_SHOWING}(?:[。!,，]|\W|$)"
    r"|no longer (?:available|exists|here|published|online)|taken offline|has been (?:unpublished|retired)"
    r"|^\W*本[文稿帖]?已[撤删]\W*$",
    re.IGNORECASE,
)
# That nothing is there, or never was.
MISSING = re.compile(
    rf"(?:{_PIECE}|您?(?:要|所)?(?:访问|查找|寻找|浏览|请求|查看)的.{{0,6}}?){_PIECE}?(?:并|已经|已|可能|逾期|过期|或)*(?:不存在|未找到|没有找到|找不到|丢失|走丢|不见了|飞走了|离家出走|迷路)"
    rf"|(?:找不到|没有找到|没找到|未找到|未能找到|无法找到)(?:您|你|该|此|这个|这篇|相关|对应)?(?:要|所|想|需要)*(?:访问|查找|寻找|浏览|请求|查看|找)?的?{_PIECE}"
    rf"|(?:该|此|这篇|这个|您?访问的){_PIECE}(?:已)?不(?:存在|见)"
    rf"|{_ASKED}{_PIECE}(?:id|编号)?.{{0,8}}?{_LOST}.{{0,12}}$"
    r"|^\W*(?:查无此|暂?无此|没有[这该此])[篇则条个]?.{1,4}\W*$|(?:这里|此处|此地)(?:什么都?|什么也|空空).{0,4}(?:没有|如也)"
    r"|^\W*(?:资料|数据|档案|内容)不存在\W*$"
    r"|(?:^|\W)(?:http\s*)?(?:error\s*|错误\s*|状态码\s*)?404(?:\s*(?:error|错误|页面|not found|找不到|-|$)|\W*$)"
    r"|(?:page|article|story) (?:you (?:are|were) looking for )?(?:was |is |could |can)?(?:not |cannot |can't )(?:be )?(?:found|located|exist)|nothing (?:was )?(?:found|here)|(?:page|article|story|post)\W{0,3}(?:can|could)\W?t be found|couldn'?t find (?:that|this|the) (?:page|article|story)|not found|410 gone|does(?: not|n't) exist",
    re.IGNORECASE,
)
# That the reader has to prove or pay something first.
WALL = re.compile(
    r"(?:请|需要?|须|必须|您?(?:还|尚)?未|您?还没有?)(?:先)?(?:登录|登入|注册|登陆)(?:账号|帐号|会员)?(?:后|再|才|以|$|\W|才能|方可|并)"
    r"|(?:登录|登入|登陆|注册)(?:账号|帐号)?(?:/注册)?(?:后|才能|即可|方可)(?:可|能|可以|方可|才能)?(?:继续|免费)?(?:查看|阅读|浏览|访问|观看|看)"
    r"|(?:订阅|付费|购买|开通|成为|升级)(?:本文|会员|vip|后|即可|才能|可|全文|之后|方可)*(?:查看|阅读|解锁|继续阅读|看)(?:全文|更多|剩余|完整)?"
    r"|(?:会员|付费|vip|订阅(?:者|用户)?|订户)(?:专享|专属|专区|内容|可见|文章|可读|可看)"
    r"|(?:剩余|还有|余下)\s*\d+(?:%|字|个字)(?:未读|内容|可|需|的内容|,|，|\W)"
    r"|(?:打开|下载|进入|前往)(?:.{0,8}?)(?:app|客户端|小程序)(?:内|后|中)?(?:继续|查看|阅读|观看|看)(?:全文|更多|完整)?"
    r"|回复后?可见|请?回复(?:后|本帖)(?:才能|即可|可)?(?:查看|可见|浏览|阅读)|绑定.{0,8}(?:后|即可)+.{0,4}(?:阅|浏览|查看|观看)|解锁(?:单篇|本文|全文|文章)|尚[余剩]\s*\d+\s*%"
    r"|(?:免费|本月).{0,12}(?:已看完|已读完|已用[完尽])|忘记密码|记住我|获取验证码|(?:手机号?|密码|扫码|短信|微信)登[录入陆]|登[录入](?:会员)?以(?:继续|查看|阅读)"
    r"|免费(?:文章|阅读|浏览).{0,8}(?:上限|次数|额度|用完)|(?:订阅|付费|购买)(?:以|来|即可)?继续|试[读看](?:已)?结束"
    r"|(?:free|monthly) article(?:s)? (?:limit|left|remaining)|(?:sign|log) ?in to (?:continue|read|view)|subscribe to (?:continue|read|unlock)|subscribers? only",
    re.IGNORECASE,
)
# That the reader, or the reader's address, is refused.
REFUSED = re.compile(
    r"(?:访问|请求|操作|您?的?(?:ip|网络|请求)(?:地址)?)(?:已)?(?:被)?(?:拒绝|禁止|拦截|阻断|限制|受限|封禁|屏蔽|过于频繁|太频繁|异常|过快)"
    r"|(?:拒绝|禁止|限制|无权|没有权限|无权限|暂无权限)(?:您?的?)?(?:访问|浏览|查看)"
    r"|(?:当前|您?所在的?)(?:地区|区域|国家|网络)(?:暂时?)?(?:无法|不支持|不能|不可|不)(?:访问|提供|浏览|查看|使用)"
    r"|(?:web|网站|云|应用)(?:应用)?(?:防火墙|防护|安全狗|卫士)|可能(?:对网站)?(?:造成|存在|构成)(?:安全)?(?:威胁|攻击|风险)"
    r"|(?:安全|人机|身份|滑块|滑动|拼图|图形)(?:验证|校验|检测)|(?:输入|填写|完成)(?:下方|以下|图中的?|右侧)?(?:验证码|校验码|验证)"
    r"|(?:拖动|按住|滑动).{0,8}滑块|验证(?:您|你)?(?:是否为?|不)?是?(?:真人|机器人|人类)"
    r"|(?:行为|机器人|真人|点击|进行|完成|通过).{0,6}验证|不是机器人|环境(?:存在)?异常|安全检查|security check"
    r"|(?:访问|请求)(?:频率|次数).{0,4}(?:过高|过快|超|上限)|(?:您|你)?所在的?(?:地区|区域|国家|位置).{0,6}(?:无法|不可|不能|不支持|受限|未开放|不提供)"
    r"|(?:地区|区域|地域|版权)(?:访问)?限制|not available in (?:your|the) (?:region|country|location|area|europ)|gdpr"
    r"|(?:启用|开启|打开|允许).{0,4}(?:javascript|cookie)|javascript.{0,8}(?:禁用|未启用|关闭)"
    r"|请(?:使用|在|用).{1,12}(?:打开|访问|浏览)"
    r"|(?:request|requested url) (?:was |has been )?(?:rejected|blocked)|you have been blocked|ray id|visitor system"
    r"|403 forbidden|access (?:to this (?:page|site|resource) )?(?:is |has been |was )?(?:denied|forbidden|blocked|restricted)"
    r"|captcha|checking (?:your|the) (?:browser|site)|just a moment|verify(?:ing)? (?:that )?you are (?:a )?human|are you a (?:robot|human)"
    r"|unusual traffic|too many requests|rate limit|enable (?:javascript|cookies)|(?:without|requires?|needs?) javascript|javascript (?:is )?(?:not )?(?:enabled|required|disabled)|ddos protection|attention required",
    re.IGNORECASE,
)
# That the site does not work now, or not yet.
BROKEN = re.compile(
    r"(?:系统|网站|服务器?|平台|站点|数据库|页面)(?:正在|正|暂时|临时|例行|升级|停机|停服)*(?:维护|升级改造|升级|检修|调整)(?:中|期间|$|\W)"
    r"|(?:服务器?|系统|网络|程序|数据库|网关|接口|服务)(?:端)?(?:内部)?(?:繁忙|错误|异常|开小差|出错|超时|故障|不可用|连接失败|未响应|无响应|过载|拥挤|走神|崩溃)"
    r"|(?:网站|站点|服务|本站|域名)(?:已|现已)?(?:暂时|临时|暂停|停止|关闭|无法|到期|过期|未备案|尚未备案)(?:服务|访问|使用|解析|运营|开放|备案)?"
    r"|(?:资料库|数据库|伺服器|服务器|连线|连接|网路|网络|主机).{0,8}(?:错误|失败|逾时|超时|中断|异常|忙碌|繁忙|故障|无回应|不给力)"
    r"|(?:系统|网站|本站|机房|站点).{0,12}(?:检修|维修|停机|停服|改版|搬迁|割接)|暂停(?:服务|访问|开放)|计划内?维护"
    r"|error (?:code:? )?(?:5\d\d|10\d\d)|web server is down|dns error|(?:connection|host) (?:timed out|error)"
    r"|(?:暂时|临时)(?:无法|不能)(?:访问|提供服务|响应)|(?:域名|此域名).{0,8}(?:出售|转让|停放|到期|过期)|(?:页面|内容|数据)?(?:正在)?(?:加载|载入|读取)(?:中|失败|出错|超时)"
    r"|(?:请|点击|稍后)(?:稍后|稍候|刷新).{0,4}(?:重试|再试|刷新|加载)|(?:程序|程式)(?:出现)?(?:错误|异常)"
    r"|(?:内容|文章|稿件|作品)(?:正在|仍在)?(?:审核|复核)中"
    r"|(?:使用|接受|同意|管理)(?:所有|全部|必要的?)?\s*cookie|(?:accept|we use|manage) (?:all )?cookies"
    r"|(?:搬迁|迁移|更换|更新)(?:主机|机房|服务器|伺服器)|50[0234]\s*(?:error|bad gateway|service|gateway|internal|错误)|(?:internal server|gateway time-?out|database connection|server) error"
    r"|bad gateway|service (?:is )?(?:temporarily )?unavailable|under maintenance|error establishing a database|domain (?:is )?for sale|loading\W*$"
    r"|welcome to nginx|apache2? .{0,20}default page|traceback \(most recent|fatal error|stack trace|sqlstate",
    re.IGNORECASE,
)
# That nothing can be read, if no word of a refusal or a fault says why.
UNREADABLE = re.compile(
    rf"(?:暂停|无法|暂不)(?:提供|予以|对外)?(?:提供)?{_SHOWING}(?:[。!,，]|\W|$)", re.IGNORECASE
)
# That something was taken away, in any words: said in the first lines of a page on which nothing of
# the article is left. Elsewhere it is what articles report.
_TAKEN_AWAY = (
    r"(?:删(?![减繁节选改])|deleted?|撤(?![诉资离军换案职])|剔除|移除|移走|清理|下架|下线|取下|取消(?:刊登|发布|$|\W)|清除(?!.{0,6}(?:缓存|cookie|浏览|历史))|注销|收回|[剷铲划](?=[咗左走掉])"
    r"|不再(?:公开|展示|提供|保留|显示)|关闭阅读|(?:转为|设为)私[人密]|不复存在|removed?|retracted?|taken down|expired|unpublished|withdrawn)"
)
_WHAT = rf"(?:{_PIECE}|[该此这本][篇则条个]|[本此原内全删]文|[本此]稿|留言串|讨论串|(?:该|此|这个?)[帐账]号|[帐账]号已|[资数]料|档案|会议[纪记]录|\bpost\b|\bstory\b|\barticle\b|\btext\b)"
TAKEN_AWAY = re.compile(
    # 如涉版权请留言,我们将尽快删除: a page of any article says so.
    r"^(?!.*(?:[如若][有涉需果]|请(?:联系|留言|告知)|尽快|立即|被罚|罚款|法院撤|将在|天后|常见问题|隐私|营业|许可|执照|购物车|cookie))(?:"
    rf".*{_WHAT}.{{0,30}}{_TAKEN_AWAY}|.*{_TAKEN_AWAY}.{{0,14}}{_WHAT}|.*查无(?:此|资料)|.*永久移除|\W*(?:作者|楼主|博主|发布者|用户|up主)\W*已?自?行?[删撤].{{0,4}}$"
    rf"|\W*(?![帐账]号注销)(?:本[文稿帖页]|[原此该][文稿帖]|内文|正文|全文|已经?|自|我)?.{{0,4}}{_TAKEN_AWAY}[了掉除]?\W*(?:勿念|by (?:the )?author)?\W*$)",
    re.IGNORECASE,
)
