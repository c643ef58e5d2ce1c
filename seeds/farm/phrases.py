"""Set phrases that tell farms, reporting, notices and lessons apart, found in one pass.

Written in Simplified and matched on search keys, so that either script finds them. Collected from
the beat's farms by their function (opening, presenting, ranking, praising, closing), not from
single pages; what ordinary reporting uses as often is left out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from ahocorasick_rs import AhoCorasick, MatchKind

from seeds.fold import search_key


class PhraseKind(Enum):
    """What a phrase speaks for."""

    FILLER = auto()
    DISCLAIMER = auto()
    REPORTED = auto()
    FORMAL = auto()
    LESSON = auto()


_OPENING = (
    "随着", "在当今", "当今社会", "现代社会", "现代人", "近年来", "众所周知", "如今", "日益激烈",
    "生活节奏", "不可或缺", "必不可少", "一部分人", "很多人都", "很多朋友", "不少用户", "很多用户",
    "大家都知道", "有人说", "古人云", "正所谓", "俗话说", "说到", "提到", "众说纷纭", "在数字化",
    "的今天", "大背景下", "大环境下", "蓬勃发展", "应运而生", "走进千家万户", "困扰", "的问题也",
    "前所未有", "越来越多的", "越来越重要", "受到了越来越", "备受关注", "广受欢迎", "鲜为人知",
)  # fmt: skip
_PRESENTING = (
    "小编", "一起来看", "一起来了解", "来看看吧", "下面就", "接下来", "本文将", "为大家", "给大家",
    "为您解答", "为您详细", "带大家", "教大家", "这篇文章", "那么,", "呢?下面", "呢?首先", "究竟",
    "很高兴为您", "希望我的回答", "你还不知道", "快来看看", "不得不提", "值得一提", "今天我们",
    "具体如下", "相关介绍", "详细介绍", "详细解析", "多个方面来", "多个角度", "进行深入", "的几个",
    "主要取决于", "一般来说", "一般情况下", "因人而异", "整体来说", "简单来说",
)  # fmt: skip
_RANKING = (
    "首先,", "其次,", "再次,", "最后,", "此外,", "另外,", "首先要", "其次要", "最后要", "首先是",
    "其次是", "除此之外", "与此同时", "不仅", "一方面", "另一方面", "因此,", "同时,", "反之",
    "只有这样", "需要注意的是", "值得注意的是", "需要提醒的是", "不可否认", "不得不说", "要知道",
    "从而", "进而", "由此可见", "所以说", "事实上", "毫无疑问", "对于我们",
)  # fmt: skip
_PRAISING = (
    "发挥着", "起着", "有着重要", "重要的作用", "重要作用", "重要意义", "深远的意义", "重要的意义",
    "至关重要", "重要一步", "重要的一步", "广泛的关注", "广泛关注", "广泛的应用", "广阔的", "热议",
    "深受", "青睐", "喜爱", "一致好评", "良好的", "完善的", "优质的服务", "优质服务", "专业的团队",
    "专业团队", "丰富的经验", "经验丰富", "不断创新", "不断优化", "不断提升", "不断学习", "不断努力",
    "不断完善", "不断演变", "健康发展", "更大的价值", "更多力量", "辉煌", "佼佼者", "新风尚", "助力",
    "一直致力于", "始终坚持", "秉承", "彰显", "巨大的潜力", "得天独厚", "方便快捷", "操作方便",
    "简单快捷", "轻松", "强烈推荐", "全方位", "个性化的", "智能化", "科学合理", "合理规划", "量力而行",
    "理性消费", "保持冷静", "积极面对", "积极沟通", "主动与", "良好的心态", "给生活带来", "受到影响",
    "更好地", "更加美好", "法律的武器", "不必要的麻烦", "后顾之忧", "流连忘返", "心旷神怡", "回味无穷",
    "琳琅满目", "在激烈的", "脱颖而出", "立于不败", "机遇与挑战", "现状与挑战", "问题与挑战", "双刃剑",
)  # fmt: skip
_CLOSING = (
    "总之", "总而言之", "总的来说", "总的来看", "综上", "综合来看", "综合以上", "以上就是", "看完了",
    "希望本文", "希望这篇", "希望能对", "希望对你", "希望对您", "希望大家", "希望每一", "希望以上",
    "有所帮助", "能够帮助到", "祝您生活愉快", "让我们一起", "让我们携手", "让我们共同", "一起加油",
    "我们期待", "相信在", "共同努力", "共同推动", "展望未来", "未来可期", "必将", "有望", "拭目以待",
    "值得期待", "值得我们", "值得大家", "你觉得呢", "怎么看呢", "什么看法", "评论区", "留言", "点赞",
    "收藏", "转发给", "记得关注", "请继续关注", "更多资讯", "更多精彩", "欢迎咨询", "心动不如行动",
    "赶快", "快来", "愿你", "愿每一", "越来越好", "美好的明天", "美好的未来", "美好生活", "谨慎",
    "对症下药", "你都学会了吗", "分享给", "一起出发", "不要再犹豫", "走得更远", "长期的过程",
)  # fmt: skip
_DISCLAIMER = (
    "如有侵权", "若有侵权", "侵权请", "侵权内容", "内容侵权", "发现侵权", "侵权删", "联系删除",
    "联系我们删除", "站长删除", "仅供参考", "仅供娱乐", "不代表本站", "不代表平台", "来源于网络",
    "来源网络", "来自网络", "网络整理", "网友投稿", "用户自发贡献", "用户上传", "版权归原作者",
    "该作品系作者", "不拥有所有权", "内容错误请", "如有错误请", "不构成投资建议", "不构成任何",
    "删帖", "文章观点仅代表", "互联网相关知识整合",
)  # fmt: skip
# Somebody said it, saw it or published it: reporting, and not what a farm makes up.
_REPORTED = (
    "本报讯", "记者", "报导", "通讯员", "新华社", "中新网", "中央社", "告诉", "受访", "发言人",
    "表示,", "表示:", "表示“", "称,", "说,", "说:", "说。", "说道", "指出,", "介绍,", "透露,", "回应称",
    "回应,", "认为,", "强调,", "提醒,", "坦言", "批评,", "“", "昨天", "昨日", "今日", "今天上午",
    "今天下午", "当天", "上周", "周三", "日上午", "日下午", "日晚", "截至", "同比", "环比", "据悉",
    "据了解", "获悉", "经查", "统计", "数据显示", "报告显示", "财报", "研究员", "教授", "局长",
    "主任", "科长", "民警", "律师事务所", "分析师", "经侦", "检察院", "判决", "论文", "《",
    "百分之", "万元", "亿元", "万人", "多人", "余人",
)  # fmt: skip
_FORMAL = (
    "特此公告", "特此通知", "特此通报", "特此声明", "通知如下", "公告如下", "答复如下", "声明如下",
    "安排如下", "通报如下", "收悉", "现予公布", "自发布之日", "起施行", "日起生效", "自公布之日",
    "本院认为", "判决如下", "裁定如下", "审判员", "书记员", "证券代码", "全体董事", "重大遗漏",
    "警方通报", "防御指南", "预警信号", "根据《", "依照《", "依据《", "为贯彻落实", "各有关单位",
    "关键词:", "参考文献", "参考资料", "参见", "摘要:", "本文样本", "稳健性", "第二条", "第三章",
    "媒体联络", "刑事拘留", "已知问题", "更新日志",
)  # fmt: skip
_LESSON = (
    "注音", "拼音", "生字", "生词", "声调", "课文", "朗读", "译文", "注释", "造句", "古诗", "唐诗",
    "宋词", "语文", "年级", "练习", "汉语", "中文学习", "识字", "词语", "释义", "读一读", "诗经",
    "部首", "笔画", "多音字", "hsk", "唐李白", "唐·", "宋·", "〔唐〕", "[唐]", "注音版",
)  # fmt: skip

_KINDS: Mapping[PhraseKind, tuple[str, ...]] = {
    PhraseKind.FILLER: (*_OPENING, *_PRESENTING, *_RANKING, *_PRAISING, *_CLOSING),
    PhraseKind.DISCLAIMER: _DISCLAIMER,
    PhraseKind.REPORTED: _REPORTED,
    PhraseKind.FORMAL: _FORMAL,
    PhraseKind.LESSON: _LESSON,
}
_PHRASES = [(search_key(phrase), kind) for kind, phrases in _KINDS.items() for phrase in phrases]
_SCANNER = AhoCorasick([key for key, _ in _PHRASES], matchkind=MatchKind.LeftmostLongest)
# A phrase counts so often at most: what a text is about, it names again and again.
_MOST_OF_ONE = 2


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one kind in a text, each with how often it counts, in order of finding."""

    counts: Mapping[str, int]

    @property
    def count(self) -> int:
        """How many there are, repetitions of one only twice."""
        return sum(self.counts.values())

    @property
    def excerpt(self) -> str:
        """The first few of them."""
        return "、".join(phrase.strip(",:") for phrase in list(self.counts)[:5])


def filler_count(text: str) -> int:
    """How many filler phrases are in a search key, repetitions of one only twice."""
    found = Counter(index for index, _, _ in _SCANNER.find_matches_as_indexes(text))
    return sum(
        min(times, _MOST_OF_ONE)
        for index, times in found.items()
        if _PHRASES[index][1] is PhraseKind.FILLER
    )


def phrases(text: str) -> dict[PhraseKind, Phrases]:
    """Find the phrases of every kind in a search key."""
    found = Counter(index for index, _, _ in _SCANNER.find_matches_as_indexes(text))
    by_kind: dict[PhraseKind, dict[str, int]] = {kind: {} for kind in PhraseKind}
    for index, times in found.items():
        phrase, kind = _PHRASES[index]
        by_kind[kind][phrase] = min(times, _MOST_OF_ONE)
    return {kind: Phrases(counts) for kind, counts in by_kind.items()}
