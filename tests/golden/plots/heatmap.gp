# heatmap.gp - drawn by firstbyte; run it again with: gnuplot heatmap.gp
set encoding utf8
set terminal svg noenhanced size 960,620 font 'DejaVu Sans,13' background '#ffffff'
set output 'heatmap.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'It''s a "test" of `plots`, $HOME and \n: 5 % {/Bold x}_y @z' at screen 0.02, screen 0.9516 left font ',17'
set label 2 'Whether what is drawn is what was measured, and whether a question that is longer than a line of the picture is broken'."\n".'where there is room for it?' at screen 0.02, screen 0.9065 left textcolor rgb '#555555'
set label 3 '4 to 6 replications a point, seed 1; *: not converged' at screen 0.02, screen 0.0226 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.1151
set rmargin at screen 0.8600
set tmargin at screen 0.8419
set bmargin at screen 0.1435
unset key
set xlabel 'link client -- web.loss'
set ylabel 'tcp.profile'
set xrange [-0.5:2.5]
set yrange [-0.5:1.5]
set xtics ('0 %%' 0, '5 %%' 1, '20 %%' 2) scale 0
set ytics ('linux' 0, 'rfc' 1) scale 0
unset grid
set border 0
set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')
set logscale cb
set cbrange [20:670]
set style fill solid noborder
set cblabel 'mean of tcp.handshake.latency (ms)'
# x y value text colour
$cells << EOD
0 0 20 "20" 0xffffff
1 0 129.984443 "130*" 0xffffff
2 0 516.408987 "516*" 0x000000
0 1 20 "20" 0xffffff
1 1 141.666667 "142*" 0x000000
2 1 670 "670*" 0x000000
EOD
plot \
  $cells using 1:2:(0.5):(0.5):3 with boxxyerror fc palette notitle, \
  $cells using 1:2:4:5 with labels tc rgb variable notitle
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,930 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'heatmap.png'
replot
set terminal pdfcairo noenhanced size 17cm,10.98cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'heatmap.pdf'
replot
unset output
