"""Which script a text is written in, by counting the characters only one script uses."""

import re

# The most frequent characters that differ between the scripts and are not also used in the other
# one (no 后, 里, 面, 台 …): cut from OpenCC's STCharacters by hand.
_HANS = frozenset(
    "这们个为来时说国过对开发现没还进实业动经义产学问关长电见间让机应当点务书给门语论选认报设调东车马风飞"
    "龙网贷银钱额费信贷债偿还违约逾诉讼诈骗录证规资项质贸购货账计华观级线组织结统续纪纯纳终绍继维绿缓编缘"
    "缩缴罗罚职联脑节荐获营虑虽补装亲览觉触订训议记讲许访评识译试话该详误请诸谁谈谢谓负财责败贫贵贾赋赏"
    "赔赚赛趋跃践踪转轮软轻载较辆辑输辞边达迁运连迟适递遗邮邻郑释钟钢铁销锁错键镇闭闻阅队阳阴阶际陆陈险随"
    "难雾韩页顶须顾顿预领频题颜颗饭饮馆驻验鱼鸟麦黄齐齿专丰丽举乌乐乡买乱争亏亚亿仅从仓仪价众优会伟传伤伦"
    "伪体余佣侠侧侦侨俭债倾偿储儿党兰兴养兽内冈写军农冲决况冻净凉减凤击凿划刘则刚创删别剂剑剧劝办务劳势勋"
)
_HANT = frozenset(
    "這們個為來時說國過對開發現沒還進實業動經義產學問關長電見間讓機應當點務書給門語論選認報設調東車馬風飛"
    "龍網貸銀錢額費債償還違約訴訟詐騙錄證規資項質貿購貨賬計華觀級線組織結統續紀純納終紹繼維綠緩編緣"
    "縮繳羅罰職聯腦節薦獲營慮雖補裝親覽覺觸訂訓議記講許訪評識譯試話該詳誤請諸誰談謝謂負財責敗貧貴賈賦賞"
    "賠賺賽趨躍踐蹤轉輪軟輕載較輛輯輸辭邊達遷運連遲適遞遺郵鄰鄭釋鐘鋼鐵銷鎖錯鍵鎮閉聞閱隊陽陰階際陸陳險隨"
    "難霧韓頁頂須顧頓預領頻題顏顆飯飲館駐驗魚鳥麥黃齊齒專豐麗舉烏樂鄉買亂爭虧亞億僅從倉儀價眾優會偉傳傷倫"
    "偽體餘傭俠側偵僑儉債傾償儲兒黨蘭興養獸內岡寫軍農衝決況凍淨涼減鳳擊鑿劃劉則剛創刪別劑劍劇勸辦務勞勢勳"
)
_SIMPLIFIED = re.compile(f"[{''.join(sorted(_HANS - _HANT))}]")
_TRADITIONAL = re.compile(f"[{''.join(sorted(_HANT - _HANS))}]")
# In runs: a match for each of thousands of characters costs ten times as much.
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_KANA_HANGUL = re.compile(r"[\u3041-\u30ff\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z]+")
_SAMPLE = 4_000  # characters: enough to tell, and cheap on a long page


def language_of(text: str) -> str:
    """A BCP 47 tag: zh-Hans, zh-Hant, en, or und when the text does not say.

    Chinese that uses only characters common to both scripts is und: nothing tells them apart."""
    sample = text[:_SAMPLE]
    han = sum(map(len, _HAN.findall(sample)))
    latin = sum(map(len, _LATIN.findall(sample)))
    # A Han character carries about what four letters do; kana in numbers means Japanese.
    if han and han * 4 >= latin and len(_KANA_HANGUL.findall(sample)) <= han * 0.2:
        simplified = len(_SIMPLIFIED.findall(sample))
        traditional = len(_TRADITIONAL.findall(sample))
        if simplified == traditional:
            return "und"
        return "zh-Hans" if simplified > traditional else "zh-Hant"
    return "en" if latin > 20 and latin > len(sample) * 0.5 else "und"
